/** Masks known secrets wherever they appear: as they are, as base64, and escaped as in a URI, in XML or in JSON. */
export class SecretMask {
  readonly #mask: string;
  /** How often each secret is kept. */
  readonly #kept = new Map<string, number>();
  #pattern: RegExp | null = null;

  constructor(mask: string) {
    this.#mask = mask;
  }

  /** Masks `secret` until the returned function is called, and as long as others keep it too. */
  keep(secret: string): () => void {
    if (secret === '') return () => undefined;
    this.#kept.set(secret, (this.#kept.get(secret) ?? 0) + 1);
    this.#compile();
    let kept = true;
    return () => {
      if (!kept) return;
      kept = false;
      const left = (this.#kept.get(secret) ?? 1) - 1;
      if (left > 0) this.#kept.set(secret, left);
      else this.#kept.delete(secret);
      this.#compile();
    };
  }

  has(secret: string): boolean {
    return this.#kept.has(secret);
  }

  text(text: string): string {
    return this.#pattern === null ? text : text.replace(this.#pattern, this.#mask);
  }

  #compile(): void {
    // The longest first: one secret may begin with another.
    const forms = [...new Set([...this.#kept.keys()].flatMap(formsOf))];
    forms.sort((a, b) => b.length - a.length);
    this.#pattern = forms.length === 0 ? null : new RegExp(forms.map(escaped).join('|'), 'g');
  }
}

function formsOf(secret: string): string[] {
  const utf8 = String.fromCharCode(...new TextEncoder().encode(secret));
  return [
    secret,
    btoa(utf8).replace(/=+$/, ''),
    encodeURIComponent(secret.toWellFormed()),
    xmlEscaped(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function xmlEscaped(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
