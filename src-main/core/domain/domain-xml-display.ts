import { el, type XmlElement } from './domain-xml-element.ts';
import type { MachineSpec } from './machine-spec.ts';

/** What RFB's authentication uses of a password; libvirt refuses a longer one. */
const VNC_PASSWORD_CHARACTERS = 8;
/** Room for 3840 × 2160 pixels of 4 bytes, twice; virtio takes its memory as it needs it. */
const SCREEN_MEMORY_KIB = 65536;
const QXL_RAM_KIB = 2 * SCREEN_MEMORY_KIB;

/** Display, pointer, keyboard, screen and sound. A machine without a display gets none of them. */
export function displayElements(spec: MachineSpec, password: string | null): XmlElement[] {
  if (spec.graphics === 'none') {
    return [...audioElements(spec), el('video', {}, el('model', { type: 'none' }))];
  }
  return [
    el('input', { type: 'tablet', bus: 'usb' }),
    el('input', { type: 'keyboard', bus: 'usb' }),
    spec.graphics === 'spice' ? spiceElement(spec, password) : vncElement(spec, password),
    // Draws by the host's GPU and hands the picture to the display above.
    ...(spec.video3d ? [el('graphics', { type: 'egl-headless' })] : []),
    ...audioElements(spec),
    videoElement(spec),
  ];
}

function spiceElement(spec: MachineSpec, password: string | null): XmlElement {
  return el(
    'graphics',
    { type: 'spice', ...listenAttributes(spec), passwd: password ?? undefined },
    listenElement(spec),
    // `auto_glz` needs a dictionary that browser clients do not keep.
    el('image', { compression: 'auto_lz' }),
    el('streaming', { mode: 'filter' }),
    el('clipboard', { copypaste: 'yes' }),
  );
}

function vncElement(spec: MachineSpec, password: string | null): XmlElement {
  return el(
    'graphics',
    {
      type: 'vnc',
      ...listenAttributes(spec),
      passwd: password?.slice(0, VNC_PASSWORD_CHARACTERS),
      // A second viewer must not throw out the first.
      sharePolicy: 'force-shared',
    },
    listenElement(spec),
  );
}

const listenAttributes = (spec: MachineSpec) =>
  spec.graphicsListen === 'loopback' ? { port: -1, autoport: 'yes' } : {};

/** libvirt names the socket itself, in the domain's own run-time folder. */
const listenElement = (spec: MachineSpec): XmlElement =>
  spec.graphicsListen === 'socket'
    ? el('listen', { type: 'socket' })
    : el('listen', { type: 'address', address: '127.0.0.1' });

function videoElement({ video, video3d }: MachineSpec): XmlElement {
  const primary = { heads: 1, primary: 'yes' };
  switch (video) {
    case 'virtio':
      return el(
        'video',
        {},
        el(
          'model',
          { type: 'virtio', ...primary },
          video3d ? el('acceleration', { accel3d: 'yes' }) : null,
        ),
      );
    case 'qxl':
      return el(
        'video',
        {},
        el('model', {
          type: 'qxl',
          ram: QXL_RAM_KIB,
          vram: SCREEN_MEMORY_KIB,
          vgamem: SCREEN_MEMORY_KIB,
          ...primary,
        }),
      );
    case 'vga':
      return el('video', {}, el('model', { type: 'vga', vram: SCREEN_MEMORY_KIB, ...primary }));
  }
}

/** The backend is always said: libvirt would otherwise open the host's sound device for VNC. */
function audioElements(spec: MachineSpec): XmlElement[] {
  const backend = spec.audio && spec.graphics === 'spice' ? 'spice' : 'none';
  return [
    ...(spec.audio ? [el('sound', { model: 'ich9' }, el('audio', { id: 1 }))] : []),
    el('audio', { id: 1, type: backend }),
  ];
}
