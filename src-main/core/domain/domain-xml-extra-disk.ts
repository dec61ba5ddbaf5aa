import { el, serializeXml } from './domain-xml-element.ts';

interface NewDisk {
  xml: string;
  target: string;
}

const DISK = /<disk\s[^>]*\bdevice=["']disk["'][^>]*>[\s\S]*?<\/disk>/;
const LAST_LETTER = 'z';

/**
 * A disk like the first one of a definition, on the same bus and with the same driver, and the name that the guest's
 * bus calls it by. Null when the definition has no disk, or no name is left.
 */
export function extraDisk(
  domainXml: string,
  path: string,
  taken: ReadonlySet<string>,
): NewDisk | null {
  const model = DISK.exec(domainXml)?.[0];
  const bus = attributeOf(model, 'target', 'bus');
  const first = attributeOf(model, 'target', 'dev');
  if (model === undefined || bus === null || first === null) return null;
  const target = freeTarget(first.slice(0, -1), taken);
  if (target === null) return null;
  const driver = Object.fromEntries(
    ['cache', 'discard', 'detect_zeroes', 'iothread', 'queues'].flatMap((name) => {
      const value = attributeOf(model, 'driver', name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const disk = el(
    'disk',
    { type: 'file', device: 'disk' },
    el('driver', { name: 'qemu', type: 'qcow2', ...driver }),
    el('source', { file: path }),
    el('target', { dev: target, bus }),
  );
  return { xml: serializeXml(disk), target };
}

function freeTarget(prefix: string, taken: ReadonlySet<string>): string | null {
  for (let code = 'a'.charCodeAt(0); code <= LAST_LETTER.charCodeAt(0); code++) {
    const target = prefix + String.fromCharCode(code);
    if (!taken.has(target)) return target;
  }
  return null;
}

function attributeOf(xml: string | undefined, element: string, name: string): string | null {
  const text = new RegExp(`<${element}\\s[^>]*>`).exec(xml ?? '')?.[0] ?? '';
  return new RegExp(`\\s${name}=["']([^"']*)["']`).exec(text)?.[1] ?? null;
}
