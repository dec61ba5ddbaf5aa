import { type AnswersInput, SYSTEM_DISK } from './answers.ts';
import { postInstallScript, REPORT_SCRIPT } from './post-install.ts';

type OverlayFile = {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
};

const REPORTER = 'berth-report';
const POST_INSTALL = 'berth-post-install';

const report = (phase: string, percent: number, message: string): string =>
  `sh /${REPORTER} ${phase} ${percent} "${message}"`;

const finish = [
  `cp /${POST_INSTALL} /target/root/${POST_INSTALL}`,
  `in-target sh /root/${POST_INSTALL}`,
  `rm -f /target/root/${POST_INSTALL}`,
  report('installed', 99, 'The system is installed'),
].join('; ');

/** Debian's example preseed, appendix B of the installation guide. Its parser is slow: only what has to be asked. */
function preseed(input: AnswersInput): string {
  const { hostname, user, passwordHash, region } = input;
  return [
    `d-i debian-installer/locale string ${region.locale}`,
    `d-i keyboard-configuration/xkb-keymap select ${region.keyboard}`,
    `d-i preseed/early_command string ${report('install', 1, 'The installer has started')}`,
    'd-i hw-detect/load_firmware boolean false',
    'd-i netcfg/choose_interface select auto',
    `d-i netcfg/get_hostname string ${hostname}`,
    `d-i netcfg/hostname string ${hostname}`,
    'd-i netcfg/get_domain string',
    'd-i mirror/country string manual',
    'd-i mirror/http/hostname string deb.debian.org',
    'd-i mirror/http/directory string /debian',
    'd-i mirror/http/proxy string',
    'd-i passwd/root-login boolean false',
    `d-i passwd/user-fullname string ${user}`,
    `d-i passwd/username string ${user}`,
    `d-i passwd/user-password-crypted password ${passwordHash ?? '!'}`,
    'd-i clock-setup/utc boolean true',
    `d-i time/zone string ${region.timezone}`,
    `d-i partman-auto/disk string ${SYSTEM_DISK}`,
    'd-i partman-auto/method string regular',
    'd-i partman-auto/choose_recipe select atomic',
    `d-i partman/early_command string ${report('install', 20, 'Preparing the disk')}`,
    'd-i partman-partitioning/confirm_write_new_label boolean true',
    'd-i partman/choose_partition select finish',
    'd-i partman/confirm boolean true',
    'd-i partman/confirm_nooverwrite boolean true',
    'd-i apt-setup/cdrom/set-first boolean false',
    'tasksel tasksel/first multiselect standard',
    // Without dbus the agent cannot shut the guest down.
    'd-i pkgsel/include string qemu-guest-agent openssh-server sudo dbus',
    'popularity-contest popularity-contest/participate boolean false',
    'd-i grub-installer/only_debian boolean true',
    `d-i grub-installer/bootdev string ${SYSTEM_DISK}`,
    'd-i cdrom-detect/eject boolean false',
    'd-i finish-install/reboot_in_progress note',
    'd-i debian-installer/exit/poweroff boolean true',
    `d-i preseed/late_command string ${finish}`,
    '',
  ].join('\n');
}

/** Files for the root of debian-installer's initrd, which reads its answers there without being told. */
export function debianOverlay(input: AnswersInput): OverlayFile[] {
  return [
    { path: 'preseed.cfg', mode: 0o600, content: preseed(input) },
    { path: REPORTER, mode: 0o755, content: `${REPORT_SCRIPT}report "$1" "$2" "$3"\n` },
    { path: POST_INSTALL, mode: 0o700, content: postInstallScript(input) },
  ];
}
