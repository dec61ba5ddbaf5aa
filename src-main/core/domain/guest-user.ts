/** What useradd of every Linux takes; see the shadow package's `useradd(8)`, "Caveats". */
const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;

/** Users and groups of the base system in Debian, Ubuntu, Fedora and their relatives. */
const RESERVED_USERS = new Set(
  (
    'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody ' +
    'nogroup adm tty disk kmem dialout fax voice cdrom floppy tape sudo audio dip operator src shadow ' +
    'utmp video sasl plugdev staff users wheel kvm render input sgx crontab messagebus sshd polkitd ' +
    'systemd-network systemd-resolve systemd-timesync systemd-journal halt shutdown ftp dbus admin'
  ).split(' '),
);

export function isUserName(user: string): boolean {
  return USER_NAME.test(user);
}

export function isUsableUser(user: string): boolean {
  return isUserName(user) && !RESERVED_USERS.has(user);
}

/** The person at the keyboard, unless the guest has that user already. */
export function defaultGuestUser(self: string): string {
  return isUsableUser(self) ? self : 'user';
}
