import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCapabilities } from './capabilities.ts';
import { parseConsoleEndpoint } from './console.ts';
import { canEnrollSecureBoot } from './firmware.ts';
import { emptiedDrive, mergeAddresses } from './guest.ts';
import { scopeOf, versionText } from './host-facts.ts';
import { probeXml } from './kvm-probe.ts';
import { imageFolder, mapDaemonPath } from './paths.ts';
import { extrasFor, parseVolume, volumeXml } from './volume-xml.ts';
import { parseXml, printXml } from './xml.ts';

const domain = (devices: string) => `<domain><devices>${devices}</devices></domain>`;

describe('parseConsoleEndpoint', () => {
  it('prefers SPICE and a socket, seen through the map', () => {
    const xml = domain(
      `<graphics type='vnc' port='5900'/>
       <graphics type='spice' port='5901'><listen type='socket' socket='/var/lib/libvirt/qemu/x/spice.sock'/></graphics>`,
    );
    const map = (path: string) =>
      mapDaemonPath(path, [{ from: '/var/lib/libvirt', to: '/tmp/d/lib' }]);
    expect(parseConsoleEndpoint(xml, map)).toEqual({
      protocol: 'spice',
      target: { kind: 'unix', path: '/tmp/d/lib/qemu/x/spice.sock' },
    });
  });

  it.each([
    [`<graphics type='vnc' port='5901' listen='127.0.0.1'/>`, '127.0.0.1'],
    [
      `<graphics type='vnc' port='5901'><listen type='address' address='0.0.0.0'/></graphics>`,
      '127.0.0.1',
    ],
    [
      `<graphics type='vnc' port='5901'><listen type='address' address='192.0.2.1'/></graphics>`,
      '192.0.2.1',
    ],
  ])('reads the address of %s', (xml, host) => {
    expect(parseConsoleEndpoint(domain(xml)).target).toEqual({ kind: 'tcp', host, port: 5901 });
  });

  it.each(['', `<graphics type='sdl'/>`, `<graphics type='vnc' port='-1' autoport='yes'/>`])(
    'rejects “%s”',
    (xml) => {
      expect(() => parseConsoleEndpoint(domain(xml))).toThrow(
        expect.objectContaining({ code: 'console_missing' }),
      );
    },
  );
});

describe('paths', () => {
  it('maps whole segments, the longest prefix first', () => {
    const map = [
      { from: '/var/lib', to: '/a' },
      { from: '/var/lib/libvirt/', to: '/b/' },
    ];
    expect(mapDaemonPath('/var/lib/libvirt/x', map)).toBe('/b/x');
    expect(mapDaemonPath('/var/lib/other', map)).toBe('/a/other');
    expect(mapDaemonPath('/var/library', map)).toBe('/var/library');
    expect(mapDaemonPath('/var/lib', map)).toBe('/a');
  });

  it('puts images where libvirt puts them', () => {
    expect(imageFolder('system', {})).toBe('/var/lib/libvirt/images');
    expect(imageFolder('session', { XDG_DATA_HOME: '/d' })).toBe('/d/libvirt/images');
    expect(imageFolder('session', { HOME: '/h', XDG_DATA_HOME: '' })).toBe(
      '/h/.local/share/libvirt/images',
    );
  });

  it('tells system from session, and unpacks versions', () => {
    expect(scopeOf('qemu:///session?socket=/x')).toBe('session');
    expect(scopeOf('qemu:///system?socket=/session')).toBe('system');
    expect(scopeOf('qemu+unix:///session')).toBe('session');
    expect(versionText(7_002_022)).toBe('7.2.22');
  });
});

describe('emptiedDrive', () => {
  const cdrom = (inner: string) =>
    domain(`<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>${inner}<target dev='sda' bus='scsi'/><readonly/></disk>
            <disk type='file' device='disk'><source file='/d'/><target dev='vda' bus='virtio'/></disk>`);

  it('takes the medium out and leaves the rest as it was', () => {
    const xml = emptiedDrive(cdrom(`<source file='/a &amp; "b"'/><backingStore/>`), 'sda');
    expect(xml).toContain('<target dev="sda" bus="scsi"/>');
    expect(xml).toContain('<driver name="qemu" type="raw"/>');
    expect(xml).not.toContain('source');
    expect(xml).not.toContain('backingStore');
  });

  it.each(['', `<source index='4'/>`, `<source startupPolicy='optional'/>`])(
    'is null when it holds no medium (%s)',
    (source) => expect(emptiedDrive(cdrom(source), 'sda')).toBeNull(),
  );

  it('refuses what is no CD-ROM drive', () => {
    const missing = expect.objectContaining({ code: 'device_missing' });
    expect(() => emptiedDrive(cdrom(''), 'vda')).toThrow(missing);
    expect(() => emptiedDrive(cdrom(''), 'sdz')).toThrow(missing);
  });
});

describe('mergeAddresses', () => {
  it('drops doubles and what is local to the guest, and puts IPv4 first', () => {
    const found = [
      'fe80::1',
      '2001:db8::7',
      '127.0.0.1',
      '::1',
      '192.168.122.9',
      '192.168.122.9',
      '169.254.1.1',
    ];
    expect(mergeAddresses(found)).toEqual(['192.168.122.9', '2001:db8::7']);
  });
});

describe('volume XML', () => {
  const spec = {
    name: 'a<b',
    format: 'qcow2' as const,
    capacityBytes: 1024,
    backing: { path: '/b & c', format: 'raw' as const },
  };

  it('asks for all that makes a qcow2 fast', () => {
    const xml = volumeXml(spec, new Set(extrasFor('qcow2')));
    for (const part of [
      '<compat>1.1</compat>',
      '<nocow/>',
      '<lazy_refcounts/>',
      '<extended_l2/>',
      '<name>a&lt;b</name>',
      '<path>/b &amp; c</path>',
      '<format type="raw"/>',
      '<allocation unit="bytes">0</allocation>',
    ]) {
      expect(xml).toContain(part);
    }
  });

  it('leaves out what was dropped', () => {
    const xml = volumeXml(spec, new Set(['compat'] as const));
    expect(xml).not.toMatch(/nocow|features|lazy|extended/);
    expect(volumeXml({ ...spec, format: 'raw' }, new Set(extrasFor('raw')))).not.toMatch(
      /nocow|compat/,
    );
  });

  it('reads what libvirt prints', () => {
    const xml = `<volume type='file'><name>v</name><key>/p/v</key><capacity unit='bytes'>2048</capacity><allocation unit='bytes'>10</allocation>
      <target><path>/p/v</path><format type='qcow2'/></target><backingStore><path>/base</path><format type='raw'/></backingStore></volume>`;
    expect(parseVolume('pool', xml)).toEqual({
      pool: 'pool',
      name: 'v',
      path: '/p/v',
      format: 'qcow2',
      capacityBytes: 2048,
      allocationBytes: 10,
      backing: { path: '/base', format: 'raw' },
    });
    expect(() => parseVolume('pool', '<volume/>')).toThrow(
      expect.objectContaining({ code: 'xml_invalid' }),
    );
  });
});

describe('parseXml', () => {
  it('comes back from printing as it was', () => {
    const text = `<a x="&quot;&amp;quot;&lt;"><b>1 &amp;amp; 2</b><c/></a>`;
    expect(parseXml(printXml(parseXml(text)))).toEqual(parseXml(text));
  });

  it.each(['', 'no xml', '<a></b>'])('rejects “%s”', (text) => {
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: 'xml_invalid' }));
  });
});

describe('parseCapabilities', () => {
  const enumOf = (name: string, ...values: string[]) =>
    `<enum name='${name}'>${values.map((value) => `<value>${value}</value>`).join('')}</enum>`;
  const capabilities = (os: string, devices: string) =>
    `<domainCapabilities><path>/usr/bin/qemu</path><vcpu max='288'/><os supported='yes'>${os}</os><devices>${devices}</devices></domainCapabilities>`;

  it('reads a full host', () => {
    const os = `${enumOf('firmware', 'efi')}<loader supported='yes'>${enumOf('secure', 'yes', 'no')}</loader>`;
    const devices = `<graphics supported='yes'>${enumOf('type', 'vnc', 'spice', 'sdl')}</graphics>
      <video supported='yes'>${enumOf('modelType', 'vga', 'virtio', 'none')}</video>
      <tpm supported='yes'>${enumOf('model', 'tpm-tis', 'tpm-crb')}${enumOf('backendModel', 'emulator')}${enumOf('backendVersion', '1.2', '2.0')}</tpm>
      <channel supported='yes'>${enumOf('type', 'unix', 'spicevmc')}</channel>`;
    expect(parseCapabilities(capabilities(os, devices))).toEqual({
      emulator: '/usr/bin/qemu',
      uefi: true,
      uefiSecure: true,
      tpm: true,
      graphics: ['spice', 'vnc'],
      videoModels: ['vga', 'virtio'],
      spiceChannel: true,
      maxVcpus: 288,
      cpuModes: ['host-passthrough', 'host-model', 'maximum'],
      hyperv: null,
      video3d: false,
    });
  });

  it('reads CPU modes, enlightenments and the display of a GPU', () => {
    const graphics = `<graphics supported='yes'>${enumOf('type', 'spice', 'egl-headless')}</graphics>`;
    const xml = capabilities('', graphics).replace(
      '<devices>',
      `<cpu><mode name='host-passthrough' supported='no'/><mode name='maximum' supported='yes'/>
         <mode name='host-model' supported='yes'/><mode name='custom' supported='yes'/></cpu>
       <features><hyperv supported='yes'>${enumOf('features', 'relaxed', 'vapic')}</hyperv></features>
       <devices>`,
    );
    expect(parseCapabilities(xml)).toMatchObject({
      cpuModes: ['host-model', 'maximum'],
      hyperv: ['relaxed', 'vapic'],
      video3d: true,
    });
  });

  it('takes nothing for granted on a bare host', () => {
    const bare = parseCapabilities(
      capabilities(
        '',
        `<graphics supported='no'/><tpm supported='no'/><channel supported='yes'>${enumOf('type', 'unix')}</channel>`,
      ),
    );
    expect(bare).toMatchObject({
      uefi: false,
      uefiSecure: false,
      tpm: false,
      graphics: [],
      videoModels: [],
      spiceChannel: false,
    });
  });

  it('needs version 2.0 and the emulator for a TPM', () => {
    const tpm = (inner: string) =>
      parseCapabilities(capabilities('', `<tpm supported='yes'>${inner}</tpm>`)).tpm;
    const crb = enumOf('model', 'tpm-crb');
    expect(tpm(crb + enumOf('backendModel', 'emulator'))).toBe(true);
    expect(tpm(crb + enumOf('backendModel', 'passthrough'))).toBe(false);
    expect(tpm(crb + enumOf('backendModel', 'emulator') + enumOf('backendVersion', '1.2'))).toBe(
      false,
    );
  });
});

describe('canEnrollSecureBoot', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-firmware-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const descriptor = (...features: string[]) =>
    JSON.stringify({
      'interface-types': ['uefi'],
      targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
      features,
    });

  it('wants Secure Boot, enrolled keys and SMM in one descriptor', async () => {
    writeFileSync(join(folder, '1.json'), descriptor('secure-boot', 'requires-smm'));
    writeFileSync(join(folder, '2.json'), descriptor('enrolled-keys'));
    expect(await canEnrollSecureBoot([folder])).toBe(false);
    writeFileSync(
      join(folder, '3.json'),
      descriptor('secure-boot', 'requires-smm', 'enrolled-keys'),
    );
    expect(await canEnrollSecureBoot([join(folder, 'none'), folder])).toBe(true);
  });

  it('leaves it to libvirt when it sees no descriptor at all', async () => {
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'masked.json'), '');
    expect(await canEnrollSecureBoot([folder, join(folder, 'empty')])).toBe(true);
  });
});

describe('probeXml', () => {
  it('is a nameless guest without devices', () => {
    const xml = probeXml('/usr/bin/qemu');
    expect(xml).toMatch(/<name>berth-probe-[0-9a-f]{8}<\/name>/);
    expect(xml).toContain('<domain type="kvm">');
    expect(xml).toContain('<memory unit="MiB">32</memory>');
    expect(xml).not.toMatch(/<disk|<interface|<graphics/);
  });
});
