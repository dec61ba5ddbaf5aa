/** Text of the first element of that name. */
export function tag(xml: string, name: string): string {
  return new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
}

/** Files that a domain cannot start without. */
export function files(xml: string): string[] {
  const disks = [...xml.matchAll(/<source file="([^"]+)"/g)].map(([, file]) => file ?? '');
  return [...disks, tag(xml, 'kernel'), tag(xml, 'initrd')].filter((file) => file.startsWith('/'));
}

/** The disks of a definition, in its order. */
export function disks(xml: string) {
  return [...xml.matchAll(/<disk [\s\S]*?<\/disk>/g)].map(([text]) => ({
    target: /<target dev="([^"]+)"/.exec(text)?.[1] ?? '',
    device: / device="([^"]+)"/.exec(text)?.[1] ?? 'disk',
    path: /<source file="([^"]+)"/.exec(text)?.[1] ?? null,
  }));
}

/** Files in the drives, by target. */
export function cdroms(xml: string): Map<string, string> {
  const media = new Map<string, string>();
  for (const [text] of xml.matchAll(/<disk [^>]*device="cdrom"[\s\S]*?<\/disk>/g)) {
    const target = /<target dev="([^"]+)"/.exec(text)?.[1];
    const file = /<source file="([^"]+)"/.exec(text)?.[1];
    if (target && file) media.set(target, file);
  }
  return media;
}
