import { text } from 'node:stream/consumers';
import { UsageError } from './usage-error.ts';

interface Wanted {
  passwordStdin?: boolean;
  productKeyStdin?: boolean;
}

interface SecretLines {
  password: string | undefined;
  productKey: string | undefined;
}

/** Secrets from standard input, one a line: first the password, then the product key, of those that were asked for. */
export async function readSecrets(
  { passwordStdin = false, productKeyStdin = false }: Wanted,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<SecretLines> {
  if (!passwordStdin && !productKeyStdin) return { password: undefined, productKey: undefined };
  const lines = (await text(input)).split(/\r?\n/);
  const take = (option: string, what: string): string => {
    const line = lines.shift() ?? '';
    if (line !== '') return line;
    throw new UsageError(`${option}: standard input has no ${what}.`);
  };
  return {
    password: passwordStdin ? take('--password-stdin', 'password') : undefined,
    productKey: productKeyStdin
      ? take('--product-key-stdin', 'product key').trim().toUpperCase()
      : undefined,
  };
}
