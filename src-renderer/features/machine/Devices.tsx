import type { Machine, MachineDetails } from '../../../src-contract/model/machine.ts';
import { Disks } from './Disks.tsx';

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

type Props = { machine: Machine; details: MachineDetails; onChange: () => void };

export function Devices({ machine, details, onChange }: Props) {
  return (
    <div className="stack" data-testid="devices">
      <Disks machine={machine} details={details} onChange={onChange} />
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
