const SECRET_NAME =
  /pass(?:word|wd|phrase)|secret|token|credential|authorization|cookie|(?:^|[a-z_-])keys?$/i;
const PUBLIC_NAME = /(?:ssh|public)_?keys?$|^(?:name|foreign|cache|content)_?key$/i;

/** Whether a field of that name holds a secret: a password, a product key, a token. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !PUBLIC_NAME.test(name);
}
