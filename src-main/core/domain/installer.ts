import type { InstallerMedium, Media } from '../../../src-contract/model/media.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { wantsUnattended } from '../../../src-contract/model/unattended.ts';

/**
 * How a system gets on the disk by an installer: `kernel` = Berth starts the installer's own kernel and answers its
 * questions, `answered` = the medium starts by itself and finds the answers on the seed medium, `manual` = a person
 * does it in the machine's console.
 */
type InstallMode = 'kernel' | 'answered' | 'manual';

/** Null when the source of the template is no installer. */
export function installMode(
  template: Pick<Template, 'source' | 'os'>,
  medium: Media | null,
): InstallMode | null {
  if (template.source.kind !== 'installer') return null;
  if (!wantsUnattended(template)) return 'manual';
  if (template.os.family === 'windows') {
    return medium?.installer?.family === 'windows' ? 'answered' : 'manual';
  }
  return (medium?.installer?.boot ?? null) === null ? 'manual' : 'kernel';
}

const CONSOLES = 'console=ttyS0,115200n8 console=tty0';

/** What the installer's kernel is told. Where the answers are, in the words of each family. */
export function installerCmdline({ family, label }: InstallerMedium): string {
  switch (family) {
    case 'debian':
      return `auto=true priority=critical ${CONSOLES}`;
    case 'ubuntu':
      return `autoinstall ds=nocloud noprompt ${CONSOLES} ---`;
    case 'fedora':
    case 'rhel':
      return `inst.stage2=hd:LABEL=${escapeLabel(label)} inst.ks=hd:LABEL=OEMDRV:/ks.cfg ${CONSOLES}`;
    case 'opensuse':
      return `autoyast=label://OEMDRV/autoinst.xml netsetup=dhcp ${CONSOLES}`;
    case 'windows':
    case 'drivers':
    case 'unknown':
      return '';
  }
}

/** As udev writes labels: whatever a command line would split becomes `\x20`. */
const escapeLabel = (label: string): string =>
  label.replaceAll(
    /[^A-Za-z0-9#+\-.:=@_]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
