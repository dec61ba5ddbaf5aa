import { yamlDocument } from '../cloud-init.ts';
import type { IsoFile } from '../iso9660.ts';
import { type AnswersInput, base64, SYSTEM_DISK } from './answers.ts';
import { postInstallScript, REPORT_SCRIPT } from './post-install.ts';

const report = (phase: string, percent: number, message: string): string =>
  `${REPORT_SCRIPT}report ${phase} ${percent} "${message}"`;

/** Files of the medium `cidata`. See the reference of autoinstall in Ubuntu's installation documentation. */
export function ubuntuFiles(input: AnswersInput): IsoFile[] {
  const { hostname, user, passwordHash, sshKeys, region } = input;
  const script = base64(postInstallScript(input));
  const autoinstall = {
    version: 1,
    locale: region.locale,
    keyboard: { layout: region.keyboard },
    timezone: region.timezone,
    identity: { hostname, realname: user, username: user, password: passwordHash ?? '!' },
    ssh: {
      'install-server': true,
      'allow-pw': passwordHash !== null,
      'authorized-keys': sshKeys.map((key) => key.trim()),
    },
    storage: { layout: { name: 'direct', match: { path: SYSTEM_DISK } } },
    packages: ['qemu-guest-agent'],
    'early-commands': [report('install', 1, 'The installer has started')],
    'late-commands': [
      `echo ${script} | base64 -d | curtin in-target -- sh`,
      report('installed', 99, 'The system is installed'),
    ],
    'error-commands': [report('error', 0, 'The installer has failed')],
    shutdown: 'poweroff',
  };
  return [
    { name: 'meta-data', content: yamlDocument({ 'instance-id': hostname }) },
    { name: 'user-data', content: `#cloud-config\n${yamlDocument({ autoinstall })}` },
  ];
}
