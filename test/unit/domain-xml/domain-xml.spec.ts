import { describe, expect, it } from 'vitest';
import { type Element, xml2js } from 'xml-js';
import {
  METADATA_NAMESPACE,
  osinfoShortId,
  osinfoUrl,
  parseMetadata,
  parseOsinfoId,
} from '../../../src-main/core/domain/domain-metadata.ts';
import { buildDomainXml } from '../../../src-main/core/domain/domain-xml.ts';
import {
  el,
  serializeXml,
  TextNotRepresentableError,
} from '../../../src-main/core/domain/domain-xml-element.ts';
import type { MachinePaths, MachineSpec } from '../../../src-main/core/domain/machine-spec.ts';
import { BLANK_PATHS, completed, IMAGE_PATHS, SOURCES, SPEC } from './specs.ts';

const NO_SECRET = { displayPassword: null };

function build(more: Partial<MachineSpec> = {}, paths: MachinePaths = IMAGE_PATHS): Element {
  const xml = buildDomainXml(completed(more), paths, NO_SECRET);
  return xml2js(xml) as Element;
}

function find(root: Element, ...path: string[]): Element[] {
  return path.reduce<Element[]>(
    (level, name) => level.flatMap((e) => (e.elements ?? []).filter((c) => c.name === name)),
    [root],
  );
}
const textOf = (element: Element | undefined) => element?.elements?.[0]?.text;

describe('buildDomainXml', () => {
  it('is deterministic', () => {
    const once = buildDomainXml(SPEC, IMAGE_PATHS, NO_SECRET);
    expect(buildDomainXml(structuredClone(SPEC), { ...IMAGE_PATHS }, NO_SECRET)).toBe(once);
  });

  it('escapes hostile names and paths so that they come back whole', () => {
    const hostile = `a"b'c<d>&amp;&lt;]]>é😀`;
    const path = `/pool/it's "x" <y> & &quot;z&quot;\n\t.qcow2`;
    const root = build(
      {
        name: hostile,
        domainName: hostile,
        departmentId: hostile,
        network: { kind: 'network', name: hostile },
      },
      { ...IMAGE_PATHS, disk: path },
    );
    const domain = find(root, 'domain');
    expect(textOf(find(root, 'domain', 'name')[0])).toBe(hostile);
    expect(textOf(find(root, 'domain', 'title')[0])).toBe(hostile);
    expect(domain).toHaveLength(1);
    const xml = buildDomainXml(SPEC, { ...IMAGE_PATHS, disk: path }, NO_SECRET);
    expect(xml).toContain(
      `file="/pool/it's &quot;x&quot; &lt;y&gt; &amp; &amp;quot;z&amp;quot;&#10;&#9;.qcow2"`,
    );
    const again = buildDomainXml({ ...SPEC, departmentId: hostile }, IMAGE_PATHS, NO_SECRET);
    expect(parseMetadata(again)?.departmentId).toBe(hostile);
  });

  it('keeps line breaks and control characters out of the title, which libvirt refuses', () => {
    const title = (name: string) => textOf(find(build({ name }), 'domain', 'title')[0]);
    expect(title('one\ntwo\u0000three\u2028four')).toBe('one two three four');
    expect(title('\n')).toBeUndefined();
    expect(title('half \ud83d pair')).toBe('half \ufffd pair');
  });

  it('refuses a path that XML cannot carry', () => {
    const paths = { ...IMAGE_PATHS, disk: '/pool/\u0001' };
    expect(() => buildDomainXml(SPEC, paths, NO_SECRET)).toThrow(TextNotRepresentableError);
  });

  it('boots only from the disk', () => {
    const disks = find(build(), 'domain', 'devices', 'disk');
    const orders = disks.map((disk) => find(disk, 'boot')[0]?.attributes?.['order']);
    expect(disks.map((disk) => disk.attributes?.['device'])).toEqual(['disk', 'cdrom']);
    expect(orders).toEqual(['1', undefined]);
  });

  it('puts the seed of a Linux on virtio-scsi and of a Windows on SATA, as sda', () => {
    const seed = (osFamily: MachineSpec['osFamily']) =>
      find(build({ osFamily }), 'domain', 'devices', 'disk', 'target')[1]?.attributes;
    expect(seed('linux')).toEqual({ dev: 'sda', bus: 'scsi' });
    expect(seed('windows')).toEqual({ dev: 'sda', bus: 'sata' });
  });

  it('has no SCSI controller and no I/O thread where nothing uses them', () => {
    const scsi = (root: Element) =>
      find(root, 'domain', 'devices', 'controller').filter(
        (c) => c.attributes?.['type'] === 'scsi',
      );
    expect(scsi(build())).toHaveLength(1);
    expect(scsi(build({}, BLANK_PATHS))).toHaveLength(0);
    const tryout = build(SOURCES.tryout.spec, SOURCES.tryout.paths);
    expect(find(build(), 'domain', 'iothreads')).toHaveLength(1);
    expect(find(tryout, 'domain', 'iothreads')).toHaveLength(0);
  });

  it('turns off cx16 and la57 under emulation only', () => {
    const features = (accelerator: MachineSpec['accelerator']) =>
      find(build({ accelerator }), 'domain', 'cpu', 'feature').map((f) => f.attributes?.['name']);
    expect(features('tcg')).toEqual(['cx16', 'la57']);
    expect(features('kvm')).toEqual([]);
  });

  it('gives hyperv enlightenments to Windows under KVM only', () => {
    const hyperv = (more: Partial<MachineSpec>) =>
      find(build(more), 'domain', 'features', 'hyperv');
    expect(hyperv({ osFamily: 'windows' })).toHaveLength(1);
    expect(hyperv({ osFamily: 'windows', accelerator: 'tcg' })).toHaveLength(0);
    expect(hyperv({})).toHaveLength(0);
  });

  it('has the display password in one place, shortened to what VNC takes', () => {
    const secret = { displayPassword: 'a-long-password' };
    const spice = buildDomainXml(SPEC, IMAGE_PATHS, secret);
    const vnc = buildDomainXml({ ...SPEC, graphics: 'vnc' }, IMAGE_PATHS, secret);
    const none = buildDomainXml({ ...SPEC, graphics: 'none' }, IMAGE_PATHS, secret);
    expect(spice.split('a-long-password')).toHaveLength(2);
    expect(vnc).toContain('passwd="a-long-p"');
    expect(none).not.toContain('a-long');
    expect(buildDomainXml(SPEC, IMAGE_PATHS, NO_SECRET)).not.toContain('passwd');
  });

  it('rounds memory up to whole KiB', () => {
    const memory = find(build({ memoryBytes: 1025 }), 'domain', 'memory')[0];
    expect(textOf(memory)).toBe('2');
  });
});

describe('domain metadata', () => {
  const fields = {
    machineId: SPEC.machineId,
    creationId: SPEC.creationId,
    templateId: SPEC.templateId,
    departmentId: SPEC.departmentId,
    schemaVersion: 1,
  };
  const xml = buildDomainXml(SPEC, IMAGE_PATHS, NO_SECRET);

  it('reads back what was written', () => {
    expect(parseMetadata(xml)).toEqual(fields);
    expect(parseOsinfoId(xml)).toBe('debian12');
  });

  it('reads it under any prefix and with either quote', () => {
    const renamed = xml.replaceAll('berth:machine', 'x:machine').replace('xmlns:berth', 'xmlns:x');
    expect(parseMetadata(renamed)).toEqual(fields);
    const unprefixed = xml.replaceAll('berth:machine', 'machine').replace('xmlns:berth', 'xmlns');
    expect(parseMetadata(unprefixed)).toEqual(fields);
    expect(parseMetadata(xml.replace(/id="([^"]*)" creation/, "id='$1' creation"))).toEqual(fields);
  });

  it.each([
    ['another namespace', xml.replace(METADATA_NAMESPACE, 'https://other.example/')],
    ['a missing field', xml.replace(/ creation="[^"]*"/, '')],
    ['a version that is no number', xml.replace('schema="1"', 'schema="one"')],
    ['no metadata', '<domain><name>x</name></domain>'],
    [
      'a title that quotes it',
      `<title>&lt;berth:machine xmlns:berth="${METADATA_NAMESPACE}"</title>`,
    ],
  ])('is null with %s', (_what, text) => {
    expect(parseMetadata(text)).toBeNull();
  });

  it.each([
    ['debian12', 'http://debian.org/debian/12'],
    ['ubuntu24.04', 'http://ubuntu.com/ubuntu/24.04'],
    ['win11', 'http://microsoft.com/win/11'],
    ['win2k22', 'http://microsoft.com/win/2k22'],
    ['archlinux', 'http://archlinux.org/archlinux/rolling'],
    ['opensusetumbleweed', 'http://opensuse.org/opensuse/tumbleweed'],
    ['centos-stream9', 'http://centos.org/centos-stream/9'],
    ['http://example.org/os/1', 'http://example.org/os/1'],
  ])('%s is %s', (short, url) => {
    expect(osinfoUrl(short)).toBe(url);
    expect(osinfoShortId(url)).toBe(short);
  });

  it('invents no id for an unknown family', () => {
    expect(osinfoUrl('linuxmint21')).toBeNull();
    expect(osinfoUrl('templeos')).toBeNull();
    expect(
      parseOsinfoId(buildDomainXml({ ...SPEC, osinfoId: 'x' }, IMAGE_PATHS, NO_SECRET)),
    ).toBeNull();
  });
});

describe('serializeXml', () => {
  it('leaves out absent attributes and children, and indents', () => {
    const xml = serializeXml(el('a', { x: 1, y: undefined }, null, el('b', {}, 'text')));
    expect(xml).toBe('<a x="1">\n  <b>text</b>\n</a>\n');
  });
});
