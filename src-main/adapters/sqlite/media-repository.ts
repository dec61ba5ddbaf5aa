import { errorDataSchema } from '../../../src-contract/model/error.ts';
import {
  installerMediumSchema,
  type Media,
  mediaSchema,
} from '../../../src-contract/model/media.ts';
import type { MediaRepository } from '../../core/ports/repositories.ts';
import { jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const mediaRow = mediaSchema
  .extend({
    error: jsonColumn(errorDataSchema).nullable(),
    installer: jsonColumn(installerMediumSchema).nullable(),
  })
  .transform(({ installer, ...media }): Media => ({ ...media, ...(installer && { installer }) }));

const SELECT = `SELECT id, name, kind, format, state, virtual_bytes AS virtualBytes,
  file_bytes AS fileBytes, sha256, pool, volume, origin, progress, error, used_by AS usedBy,
  added_at AS addedAt, installer FROM media`;

export class SqliteMedia implements MediaRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  list(): Media[] {
    return this.#rows.list('media', mediaRow, this.#sql.all(`${SELECT} ORDER BY added_at, id`));
  }

  get(id: string): Media | null {
    return this.#rows.maybe('media', mediaRow, this.#sql.get(`${SELECT} WHERE id = ?`, id));
  }

  save(media: Media): void {
    this.#sql.run(
      `INSERT OR REPLACE INTO media (id, name, kind, format, state, virtual_bytes, file_bytes, sha256,
       pool, volume, origin, progress, error, used_by, added_at, installer)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      media.id,
      media.name,
      media.kind,
      media.format,
      media.state,
      media.virtualBytes,
      media.fileBytes,
      media.sha256,
      media.pool,
      media.volume,
      media.origin,
      media.progress,
      media.error && JSON.stringify(media.error),
      media.usedBy,
      media.addedAt,
      media.installer ? JSON.stringify(media.installer) : null,
    );
  }

  remove(id: string): void {
    this.#sql.run('DELETE FROM media WHERE id = ?', id);
  }
}
