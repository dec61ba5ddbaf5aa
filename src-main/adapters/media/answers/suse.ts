import { el, serializeXml, type XmlElement } from '../../../core/domain/domain-xml-element.ts';
import type { IsoFile } from '../iso9660.ts';
import { type AnswersInput, SYSTEM_DISK } from './answers.ts';
import { postInstallScript, REPORT_SCRIPT } from './post-install.ts';

const flag = (name: string, value: boolean): XmlElement =>
  el(name, { 'config:type': 'boolean' }, String(value));

const list = (name: string, ...items: XmlElement[]): XmlElement =>
  el(name, { 'config:type': 'list' }, ...items);

/** AutoYaST installs the product that it is told. */
function productOf(label: string): string {
  if (/tumbleweed/i.test(label)) return 'openSUSE';
  return /^SLE/i.test(label) ? 'SLES' : 'Leap';
}

const script = (filename: string, source: string, ...more: XmlElement[]): XmlElement =>
  el(
    'script',
    {},
    el('filename', {}, filename),
    el('interpreter', {}, 'shell'),
    ...more,
    el('source', {}, source),
  );

const report = (phase: string, percent: number, message: string): string =>
  `${REPORT_SCRIPT}report ${phase} ${percent} "${message}"\n`;

function userElement({ user, passwordHash }: AnswersInput): XmlElement {
  return el(
    'user',
    {},
    el('username', {}, user),
    el('fullname', {}, user),
    el('user_password', {}, passwordHash ?? '!'),
    flag('encrypted', true),
  );
}

/** AutoYaST profile; see the AutoYaST guide of openSUSE Leap. */
function profile(input: AnswersInput): XmlElement {
  const { hostname, region } = input;
  const packages = ['openssh', 'qemu-guest-agent', 'sudo', 'dbus-1'];
  return el(
    'profile',
    {
      xmlns: 'http://www.suse.com/1.0/yast2ns',
      'xmlns:config': 'http://www.suse.com/1.0/configns',
    },
    el(
      'general',
      {},
      el('mode', {}, flag('confirm', false), flag('second_stage', false), flag('halt', true)),
    ),
    el('language', {}, el('language', {}, region.locale)),
    el('keyboard', {}, el('keymap', {}, region.keyboard)),
    el('timezone', {}, el('hwclock', {}, 'UTC'), el('timezone', {}, region.timezone)),
    el(
      'networking',
      {},
      el('dns', {}, el('hostname', {}, hostname)),
      flag('keep_install_network', true),
    ),
    list('partitioning', el('drive', {}, el('device', {}, SYSTEM_DISK), el('use', {}, 'all'))),
    el(
      'software',
      {},
      list('products', el('product', {}, productOf(input.mediumLabel))),
      list('patterns', el('pattern', {}, 'base')),
      list('packages', ...packages.map((name) => el('package', {}, name))),
    ),
    list('users', userElement(input)),
    el(
      'scripts',
      {},
      list('pre-scripts', script('started', report('install', 1, 'The installer has started'))),
      list(
        'chroot-scripts',
        script('first-boot', postInstallScript(input), flag('chrooted', true)),
        script('installed', report('installed', 99, 'The system is installed')),
      ),
    ),
  );
}

/** Files of the medium `OEMDRV`. */
export function suseFiles(input: AnswersInput): IsoFile[] {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE profile>\n';
  return [{ name: 'autoinst.xml', content: `${head}${serializeXml(profile(input))}` }];
}
