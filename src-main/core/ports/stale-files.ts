/** A file of this user that a process of Berth has left. */
export interface StaleFile {
  path: string;
  /** What it was for. */
  purpose: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** Files that only live for moments, and that nobody uses any more. */
export interface StaleFiles {
  list(): Promise<StaleFile[]>;
  /** Only what `list` has named; anything else rejects with `file_not_ours`. Succeeds when it is gone. */
  remove(path: string): Promise<void>;
}
