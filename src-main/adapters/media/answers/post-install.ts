import { type AnswersInput, base64, PROGRESS_PORT, progressLine, shellQuote } from './answers.ts';

const FOLDER = '/var/lib/berth';
const UNIT = 'berth-first-boot.service';
const UNIT_PATH = `/etc/systemd/system/${UNIT}`;
const LINE = 76;

const UNIT_TEXT = `[Unit]
Description=First boot of a new machine
ConditionPathExists=${FOLDER}/run
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=/bin/sh ${FOLDER}/run

[Install]
WantedBy=multi-user.target
`;

/** What the installed system does at its first boot; after it nothing of this is left. */
const RUN_TEXT = `port=/dev/virtio-ports/${PROGRESS_PORT}
say() {
  [ ! -e "$port" ] || timeout 60 sh -c 'printf "%s\\n" "$1" >"$2"' sh "$1" "$port"
}
say '${progressLine('boot', 10, 'The installed system has started')}'
[ ! -f ${FOLDER}/first-boot ] || sh ${FOLDER}/first-boot "$port"
systemctl enable --now qemu-guest-agent 2>/dev/null
systemctl disable ${UNIT} 2>/dev/null
rm -rf ${FOLDER} ${UNIT_PATH}
say '${progressLine('ready', 100, 'The first boot has finished')}'
`;

/** As base64, so that whatever is in it cannot end the text around it. */
function writeFile(path: string, mode: string, content: string): string[] {
  const lines = base64(content).match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [`base64 -d >${path} <<'END'`, ...lines, 'END', `chmod ${mode} ${path}`];
}

/**
 * A POSIX shell script for the root of the new system: administrator rights, SSH keys, and a unit of systemd that
 * runs the first boot's script and reports to the host.
 */
export function postInstallScript({ user, sshKeys, firstBoot }: AnswersInput): string {
  const home = `/home/${user}`;
  const keys = sshKeys.map((key) => `${key.trim()}\n`).join('');
  return [
    '#!/bin/sh',
    'umask 077',
    `mkdir -p ${FOLDER} /etc/sudoers.d`,
    ...writeFile('/etc/sudoers.d/berth', '440', `${user} ALL=(ALL) NOPASSWD:ALL\n`),
    ...(keys === ''
      ? []
      : [
          `mkdir -p ${home}/.ssh`,
          ...writeFile(`${home}/.ssh/authorized_keys`, '600', keys),
          `chown -R ${shellQuote(user)}: ${home}/.ssh`,
          `[ ! -x /sbin/restorecon ] || restorecon -R ${home}/.ssh`,
        ]),
    ...(firstBoot === null ? [] : writeFile(`${FOLDER}/first-boot`, '700', firstBoot)),
    ...writeFile(`${FOLDER}/run`, '700', RUN_TEXT),
    ...writeFile(UNIT_PATH, '644', UNIT_TEXT),
    `systemctl enable ${UNIT}`,
    'for unit in sshd ssh; do systemctl enable $unit 2>/dev/null; done',
    'true',
    '',
  ].join('\n');
}

/**
 * Shell for an installer's own system: `report PHASE PERCENT MESSAGE`. There may be no udev that links ports by name,
 * and a port that nobody reads blocks its writer, so it is written in the background, without debconf's descriptors.
 */
export const REPORT_SCRIPT = `report() {
  line=$(printf '{"phase":"%s","pct":%s,"message":"%s"}' "$1" "$2" "$3")
  modprobe -q virtio_console 2>/dev/null
  for name in /sys/class/virtio-ports/*/name; do
    [ "$(cat "$name" 2>/dev/null)" = ${PROGRESS_PORT} ] || continue
    port=$(basename "$(dirname "$name")")
    (trap '' HUP; echo "$line" >"/dev/$port") </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- &
  done
  sleep 1
}
`;
