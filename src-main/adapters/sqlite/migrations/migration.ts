/** One step of the schema. A released migration is never edited: a change is a new file with the next version. */
export interface Migration {
  /** `PRAGMA user_version` after it. */
  version: number;
  sql: string;
}
