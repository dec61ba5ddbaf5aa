import type { Media } from '../../src-contract/model/media.ts';
import { BerthError } from '../core/errors.ts';

/** An image by its id or name. Throws `media_missing`, `media_ambiguous`. */
export function findMedia(media: readonly Media[], ref: string): Media {
  const byId = media.filter((item) => item.id === ref);
  const found = byId.length > 0 ? byId : media.filter((item) => item.name === ref);
  const [item, twin] = found;
  if (item === undefined) {
    throw new BerthError('media_missing', `There is no image "${ref}".`, {
      hint: '"berth media list" shows all of them; "berth media add FILE" adds one.',
    });
  }
  if (twin !== undefined) {
    throw new BerthError('media_ambiguous', `More than one image is called "${ref}".`, {
      hint: `Use an id: ${found.map((other) => other.id).join(', ')}`,
    });
  }
  return item;
}
