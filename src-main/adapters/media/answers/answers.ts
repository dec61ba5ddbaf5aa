/** What an unattended installation is to lead to; the same for every family of systems. */
export type AnswersInput = {
  readonly hostname: string;
  /** Administrator account, with sudo. */
  readonly user: string;
  /** As crypt(3) makes it; null = only SSH keys open the account. */
  readonly passwordHash: string | null;
  readonly sshKeys: readonly string[];
  readonly region: Region;
  /** A shell script that the installed system runs once; it is given the progress port's path. */
  readonly firstBoot: string | null;
  /** Label of the installation medium. */
  readonly mediumLabel: string;
};

export type Region = {
  /** Such as `en_US.UTF-8`. */
  readonly locale: string;
  /** A layout of X such as `us`. */
  readonly keyboard: string;
  /** Such as `Europe/Berlin`. */
  readonly timezone: string;
};

/** The disk that systems are installed on: the first one on virtio. */
export const SYSTEM_DISK = '/dev/vda';

export const PROGRESS_PORT = 'org.berth.progress.0';

/** One line for the host. Neither argument may have quotes or backslashes. */
export const progressLine = (phase: string, percent: number, message: string): string =>
  `{"phase":"${phase}","pct":${percent},"message":"${message}"}`;

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
