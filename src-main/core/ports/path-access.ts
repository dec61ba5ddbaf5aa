/** Why the host's QEMU may not reach a path, as far as this process can see. */
export interface PathAccess {
  /**
   * The first folder on the way to `path` that the user of QEMU cannot pass, by its mode; null = none.
   * `scope` is the daemon's: a session's QEMU runs as this user.
   */
  blockedAt(
    path: string,
    scope: 'system' | 'session',
  ): Promise<{ folder: string; user: string } | null>;
  /** What confines QEMU besides file modes. */
  confinement(): Promise<'apparmor' | 'selinux' | null>;
}
