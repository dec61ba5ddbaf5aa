/** A folder of small documents, for those who share Berth's state. Rejects with `backup_unwritable`, `file_unreadable`. */
export interface BackupFolder {
  /** Names; none when there is no such folder. */
  list(): Promise<string[]>;
  /** As a whole or not at all. */
  write(name: string, text: string): Promise<void>;
  /** A file of the folder, or any other by its absolute path. */
  read(name: string): Promise<string>;
  remove(name: string): Promise<void>;
}
