import { MediaError } from './media-error.ts';

export type IsoFile = { readonly name: string; readonly content: string | Uint8Array };

export type IsoOptions = {
  /** 1 to 16 characters; `cidata` for a NoCloud seed, `OEMDRV` for a kickstart one. */
  readonly volumeLabel: string;
  /** Files of the root folder; names of 1 to 64 characters from `A-Za-z0-9._-`. */
  readonly files: readonly IsoFile[];
  /** Written as the creation date, so that the same input gives the same bytes. Default: the epoch. */
  readonly date?: Date;
};

/**
 * An ISO 9660 image (ECMA-119 with Joliet and Rock Ridge names) in memory.
 * Throws {@link MediaError}: `iso_invalid_name`, `iso_too_large`.
 */
export function buildIso9660(_options: IsoOptions): Buffer {
  throw new MediaError('iso_too_large', 'not built yet');
}
