import { MediaError } from './media-error.ts';
import type { TryoutParts } from './tryout-parts.ts';

export type BuildTryoutOptions = {
  readonly parts: TryoutParts;
  /** Folder for the results; it is made when missing. A finished result with the same content is reused. */
  readonly outDir: string;
  readonly signal?: AbortSignal;
};

export type TryoutFiles = {
  /** Absolute paths. */
  readonly kernel: string;
  readonly initrd: string;
  /** Kernel command line that the guest expects. */
  readonly cmdline: string;
  /** Hexadecimal digests of the two files. */
  readonly sha256: { readonly kernel: string; readonly initrd: string };
  readonly kernelVersion: string;
  /** True when an earlier build was reused. */
  readonly cached: boolean;
};

/**
 * Assembles the try-out guest: the host's kernel and an initrd with busybox, the needed modules and `resources/guest/tryout-init`.
 * Needs no privilege. Throws {@link MediaError} (`tryout_module_unreadable`, `cancelled`).
 */
export async function buildTryout(_options: BuildTryoutOptions): Promise<TryoutFiles> {
  throw new MediaError('tryout_no_kernel', 'not built yet');
}
