import type { MediaError } from './media-error.ts';

/** The host's files that the try-out guest is made of. */
export type TryoutParts = {
  readonly kernelPath: string;
  /** As in the name of the modules folder, for example `6.1.0-56-amd64`. */
  readonly kernelVersion: string;
  /** `…/lib/modules/VERSION`; absent when the kernel has no modules. */
  readonly modulesDir?: string;
  readonly busyboxPath: string;
};

export type FindTryoutPartsOptions = {
  /** Folders laid out like `/` (`boot/`, `lib/modules/`); the first that has a kernel wins. Default: {@link defaultKernelRoots}. */
  readonly kernelRoots?: readonly string[];
  /** Default: the usual places of a static busybox. */
  readonly busyboxPaths?: readonly string[];
};

/** `reasons` has one error for each missing part: `tryout_no_kernel`, `tryout_no_busybox`. */
export type TryoutPartsResult =
  | { readonly ok: true; readonly parts: TryoutParts }
  | { readonly ok: false; readonly reasons: readonly MediaError[] };

/** `/`, then where `npm start` unpacks a kernel when the host has no readable one. */
export function defaultKernelRoots(): string[] {
  return ['/', '/var/lib/berth/guest-kernel'];
}

export async function findTryoutParts(
  _options: FindTryoutPartsOptions = {},
): Promise<TryoutPartsResult> {
  return { ok: false, reasons: [] };
}
