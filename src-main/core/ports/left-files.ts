import type { CallOptions } from './call-options.ts';

/** The domain whose files are meant; libvirt names them by both. */
export interface GoneDomain {
  uuid: string;
  name: string;
}

export interface LeftFile {
  path: string;
  kind: 'firmware' | 'tpm';
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** What libvirt keeps of a domain beside its definition, and what stays when the definition goes without it. */
export interface LeftFiles {
  /** Only what this process may see; nothing where it cannot tell. */
  leftFiles(domain: GoneDomain, options?: CallOptions): Promise<LeftFile[]>;
  /** Succeeds when it is gone. Rejects with `file_not_ours` for what is no such file, `file_denied`. */
  removeLeftFile(domain: GoneDomain, path: string): Promise<void>;
}
