import { readFileSync } from 'node:fs';

/** A picture that is only handed on: the host does not decode it. */
export class NativeImage {
  readonly #data: Buffer;

  constructor(data: Buffer) {
    this.#data = data;
  }

  isEmpty(): boolean {
    return this.#data.byteLength === 0;
  }

  /** The file's own bytes, whatever their format. */
  toPNG(): Buffer {
    return this.#data;
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#data.toString('base64')}`;
  }

  resize(): NativeImage {
    return this;
  }

  setTemplateImage(_isTemplate: boolean): void {}
}

/** Electron's `nativeImage`. */
export const nativeImage = {
  createEmpty(): NativeImage {
    return new NativeImage(Buffer.alloc(0));
  },

  /** A file that cannot be read gives an empty image, as in Electron. */
  createFromPath(path: string): NativeImage {
    try {
      return new NativeImage(readFileSync(path));
    } catch {
      return nativeImage.createEmpty();
    }
  },

  createFromBuffer(buffer: Buffer): NativeImage {
    return new NativeImage(buffer);
  },

  createFromDataURL(url: string): NativeImage {
    return new NativeImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
  },
};
