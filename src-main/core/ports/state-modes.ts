/** Permission bits of the files and folders in which Berth keeps its state. */
export interface StateModes {
  readonly file: number;
  readonly folder: number;
}

export const PRIVATE_STATE: StateModes = { file: 0o600, folder: 0o700 };

/** For a home of several people: everything belongs to the group of its folder, which new entries inherit. */
export const SHARED_STATE: StateModes = { file: 0o660, folder: 0o2770 };
