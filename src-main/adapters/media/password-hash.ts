import { MediaError } from './media-error.ts';

export type HashPasswordOptions = {
  /** 1 to 16 characters from `./A-Za-z0-9`; default: 16 random ones. */
  readonly salt?: string;
  /** Default 5000, as crypt(3); clamped to 1000 … 999 999 999. */
  readonly rounds?: number;
};

/** SHA-512 crypt (`$6$…`), as every Linux's crypt(3) reads it. Throws `password_invalid` for an empty password or one with a NUL. */
export function hashPassword(_password: string, _options: HashPasswordOptions = {}): string {
  throw new MediaError('password_invalid', 'not built yet');
}
