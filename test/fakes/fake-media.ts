import { BerthError } from '../../src-main/core/errors.ts';
import type {
  ImageFacts,
  InstallInput,
  MediaBuilder,
  ReadAt,
  SeedInput,
  WindowsAnswersInput,
} from '../../src-main/core/ports/media-builder.ts';

/** Builders without files. A hash holds no trace of its password. */
export class FakeMedia implements MediaBuilder {
  tryoutError: BerthError | null = null;
  hashed = 0;
  readonly seeds: SeedInput[] = [];
  readonly windows: WindowsAnswersInput[] = [];

  seed(input: SeedInput) {
    this.seeds.push(input);
    const content = `user: ${input.user}\npasswd: ${input.passwordHash}\nhostname: ${input.hostname}\n`;
    return { bytes: new TextEncoder().encode(content), files: [{ path: 'user-data', content }] };
  }

  answers({ user, passwordHash, hostname, installer }: InstallInput) {
    const content = `user: ${user}\npasswd: ${passwordHash}\nhostname: ${hostname}\n`;
    const bytes = new TextEncoder().encode(content);
    const inside = installer.family === 'debian';
    return {
      seed: inside ? null : bytes,
      overlay: inside ? bytes : null,
      files: [{ path: 'answers', content }],
    };
  }

  windowsAnswers(input: WindowsAnswersInput) {
    this.windows.push(input);
    const content = `user: ${input.user}\npasswd: ${input.password}\nkey: ${input.productKey}\n`;
    const bytes = new TextEncoder().encode(content);
    return { bytes, files: [{ path: 'Autounattend.xml', content }], notes: [] };
  }

  /** Not the form of real answer files, so that a search for the clear text finds nothing. */
  encodePassword(_password: string): string {
    this.hashed++;
    return `encoded-number-${this.hashed}`;
  }

  decodePassword(encoded: string): string {
    return `password of ${encoded}`;
  }

  /** The content of a file is its path. */
  async readIso(readAt: ReadAt, paths: readonly string[]): Promise<Uint8Array[]> {
    await readAt(0, 1);
    return paths.map((path) => new TextEncoder().encode(path));
  }

  async hashPassword(_password: string): Promise<string> {
    this.hashed++;
    return `$6$salt$hash-number-${this.hashed}`;
  }

  inspectImage(): Promise<ImageFacts> {
    return Promise.reject(new BerthError('image_unreadable', 'there are no files here'));
  }

  sha256(): Promise<string> {
    return Promise.resolve('0'.repeat(64));
  }

  async *read(path: string): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(`first part of ${path},`);
    yield new TextEncoder().encode('second part');
  }

  async checkTryout(): Promise<void> {
    if (this.tryoutError !== null) throw this.tryoutError;
  }

  async buildTryout({ signal }: { signal?: AbortSignal }) {
    signal?.throwIfAborted();
    return {
      kernelPath: '/cache/kernel',
      initrdPath: '/cache/initrd',
      kernelVersion: '6.1',
      key: 'k',
    };
  }
}
