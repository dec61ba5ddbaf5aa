import type { MachineDetails } from '../../../src-contract/model/machine.ts';
import { formatBytes } from '../../ui/format.ts';

const size = (bytes: number | null) => (bytes === null ? '–' : formatBytes(bytes));

function Disks({ details }: { details: MachineDetails }) {
  return (
    <table className="device-table selectable" aria-label="Disks">
      <thead>
        <tr>
          <th scope="col">Disk</th>
          <th scope="col">Source</th>
          <th scope="col">Size</th>
          <th scope="col">Used</th>
        </tr>
      </thead>
      <tbody>
        {details.disks.map((disk) => (
          <tr key={disk.target}>
            <td className="nowrap">
              {disk.target} <span className="muted">{disk.bus}</span>
            </td>
            <td>
              {disk.source === null ? (
                <span className="muted">empty {disk.device}</span>
              ) : (
                <code>{disk.source}</code>
              )}
            </td>
            <td className="nowrap tabular">{size(disk.capacityBytes)}</td>
            <td className="nowrap tabular">{size(disk.allocationBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Interfaces({ details }: { details: MachineDetails }) {
  if (details.interfaces.length === 0) return <p className="muted">No network interface.</p>;
  return (
    <table className="device-table selectable" aria-label="Network interfaces">
      <thead>
        <tr>
          <th scope="col">Network</th>
          <th scope="col">Model</th>
          <th scope="col">MAC address</th>
        </tr>
      </thead>
      <tbody>
        {details.interfaces.map((nic) => (
          <tr key={nic.mac}>
            <td>{nic.source}</td>
            <td>{nic.model ?? '–'}</td>
            <td>
              <code>{nic.mac}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Devices({ details }: { details: MachineDetails }) {
  return (
    <div className="stack" data-testid="devices">
      <Disks details={details} />
      <Interfaces details={details} />
      <dl className="facts">
        <dt>Firmware</dt>
        <dd>{details.firmware}</dd>
        <dt>Accelerator</dt>
        <dd>{details.accelerator}</dd>
        <dt>Starts with the host</dt>
        <dd>{details.autostart ? 'yes' : 'no'}</dd>
      </dl>
    </div>
  );
}
