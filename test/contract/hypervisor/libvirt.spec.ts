import { createLibvirtHypervisor } from '../../../src-main/adapters/libvirt/index.ts';
import { buildDomainXml } from '../../../src-main/core/domain/domain-xml.ts';
import { NO_PATHS } from '../../../src-main/core/domain/machine-spec.ts';
import { startSessionDaemon } from '../../support/daemon/index.ts';
import { describeHypervisor } from './hypervisor-contract.ts';
import { silentLog, smallMachine } from './small-machine.ts';

describeHypervisor('libvirt, as a session daemon', async () => {
  const daemon = await startSessionDaemon();
  const dataHome = process.env['XDG_DATA_HOME'];
  // Where the adapter puts pools is decided by the environment, which is the daemon's otherwise.
  process.env['XDG_DATA_HOME'] = `${daemon.dir}/data`;
  return {
    hypervisor: createLibvirtHypervisor({ uri: daemon.uri, log: silentLog }),
    domainXml: ({ uuid, name, seed }) => {
      const spec = smallMachine({ domainUuid: uuid, domainName: name });
      const paths = { ...NO_PATHS, seed: seed ?? null };
      return buildDomainXml(spec, paths, { displayPassword: null });
    },
    dispose: async () => {
      if (dataHome === undefined) delete process.env['XDG_DATA_HOME'];
      else process.env['XDG_DATA_HOME'] = dataHome;
      await daemon.stop();
    },
  };
});
