import type { IsoFile } from '../iso9660.ts';
import { type AnswersInput, SYSTEM_DISK } from './answers.ts';
import { postInstallScript, REPORT_SCRIPT } from './post-install.ts';

const DISK = SYSTEM_DISK.replace('/dev/', '');

const section = (head: string, body: string): string[] => ['', head, body.trimEnd(), '%end'];

const report = (phase: string, percent: number, message: string): string =>
  `${REPORT_SCRIPT}report ${phase} ${percent} "${message}"`;

function account({ user, passwordHash }: AnswersInput): string {
  const password = passwordHash === null ? '--lock' : `--iscrypted --password='${passwordHash}'`;
  return `user --name=${user} --groups=wheel ${password}`;
}

/** Kickstart of Fedora and RHEL (pykickstart's command reference). */
function kickstart(input: AnswersInput): string {
  const { hostname, region } = input;
  return [
    'text',
    `lang ${region.locale}`,
    `keyboard --xlayouts='${region.keyboard}'`,
    `timezone ${region.timezone} --utc`,
    `network --bootproto=dhcp --hostname=${hostname}`,
    'rootpw --lock',
    account(input),
    'firstboot --disable',
    'zerombr',
    `ignoredisk --only-use=${DISK}`,
    `clearpart --all --initlabel --drives=${DISK}`,
    'autopart --type=plain',
    'firewall --enabled --service=ssh',
    'services --enabled=sshd',
    'poweroff',
    ...section('%packages', '@core\nopenssh-server\nqemu-guest-agent\nsudo'),
    ...section('%pre', report('install', 1, 'The installer has started')),
    ...section('%post --interpreter=/bin/sh', postInstallScript(input)),
    ...section('%post --nochroot', report('installed', 99, 'The system is installed')),
    ...section('%onerror', report('error', 0, 'The installer has failed')),
    '',
  ].join('\n');
}

/** Files of the medium `OEMDRV`. */
export function redhatFiles(input: AnswersInput): IsoFile[] {
  return [{ name: 'ks.cfg', content: kickstart(input) }];
}
