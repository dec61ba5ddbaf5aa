/** Readers of what virsh prints. */

export const text = (printed: string): string => printed.trim();

/** One name a line, in any order. */
export const names = (printed: string): string[] =>
  printed.split('\n').map(text).filter(Boolean).sort();

export const sorted = (things: readonly { readonly name: string }[]): string[] =>
  things.map(({ name }) => name).sort();

/** The value behind a label, of `Label:  value` or `label : value` or `label=value`. */
export function field(label: string): (printed: string) => string {
  return (printed) => {
    for (const line of printed.split('\n')) {
      const [, found = '', value = ''] = /^\s*([^:=]+?)\s*[:=]\s*(.*)$/.exec(line) ?? [];
      if (found === label) return value.trim();
    }
    throw new Error(`virsh says nothing of ${label}: ${printed}`);
  };
}

export const numberOf =
  (label: string) =>
  (printed: string): number =>
    Number.parseInt(field(label)(printed), 10);

export const isOneOf =
  (label: string, ...words: readonly string[]) =>
  (printed: string): boolean =>
    words.includes(field(label)(printed));

/** The words of each line of a table without heading. */
export const table = (printed: string): string[][] =>
  printed
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s{2,}/));

/** Column `index` of a table. */
export const column =
  (index: number) =>
  (printed: string): string[] =>
    table(printed)
      .map((row) => row[index] ?? '')
      .sort();

/** `x.y.z` as libvirt's number. */
export function versionNumber(printed: string): number {
  const [, major, minor, micro] = /(\d+)\.(\d+)\.(\d+)/.exec(printed) ?? [];
  return Number(major) * 1_000_000 + Number(minor) * 1_000 + Number(micro);
}

/** XML with its attributes in order, one kind of quotes, no space between tags, no comments. */
export function xml(source: string): string {
  const withoutNotes = source.replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, '');
  const tags = withoutNotes.replaceAll(
    /<([^<>]+?)\s*(\/?)>/g,
    (_all, inside: string, end: string) => {
      const [, name = ''] = /^(\/?[^\s/>]+)/.exec(inside) ?? [];
      const attributes = [
        ...inside.slice(name.length).matchAll(/([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')/g),
      ]
        .map(([, key = '', value = '']) => ` ${key}="${value.slice(1, -1)}"`)
        .sort();
      return `<${name}${attributes.join('')}${end}>`;
    },
  );
  return tags.replaceAll(/>\s+</g, '>\n<').trim();
}

/** What an element of the XML says: its attribute, or its text. */
export function element(tag: string, attribute?: string): (source: string) => string | null {
  return (source) => {
    const [, inside = '', content = ''] =
      new RegExp(`<${tag}(\\s[^>]*)?>([^<]*)`).exec(xml(source)) ?? [];
    if (attribute === undefined) return content.trim() || null;
    return new RegExp(`${attribute}="([^"]*)"`).exec(inside)?.[1] ?? null;
  };
}
