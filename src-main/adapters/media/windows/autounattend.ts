import { el, serializeXml, type XmlElement } from '../../../core/domain/domain-xml-element.ts';
import { isServer } from '../../../core/domain/windows.ts';
import { gptDisk, mbrDisk, SYSTEM_PARTITION } from './disk-layout.ts';
import { DRIVE_LIST, driverPaths } from './drivers.ts';
import { chooseEdition } from './editions.ts';
import { added, component, type Part, settings, value } from './elements.ts';
import { encodedFor } from './password.ts';
import { keyboardFor, languageOf, languageOfMedium } from './regions.ts';
import { windowsTimeZone } from './time-zones.ts';
import type { WindowsInput } from './windows-input.ts';

export const RUNNER_FILE = 'first-boot.ps1';

const NAMESPACES = {
  xmlns: 'urn:schemas-microsoft-com:unattend',
  'xmlns:wcm': 'http://schemas.microsoft.com/WMIConfig/2002/State',
};

/**
 * The answers to the questions of Windows Setup, which looks for a file of the name `Autounattend.xml` in the root of
 * every CD-ROM. Source: Microsoft's "Unattended Windows Setup Reference".
 */
export function autounattend(input: WindowsInput): string {
  const root = el('unattend', NAMESPACES, windowsPe(input), specialize(input), oobeSystem(input));
  return `<?xml version="1.0" encoding="utf-8"?>\n${serializeXml(root)}`;
}

/** The first pass, in the system of the medium. */
function windowsPe(input: WindowsInput): XmlElement {
  return settings(
    'windowsPE',
    component(
      'Microsoft-Windows-International-Core-WinPE',
      el('SetupUILanguage', {}, value('UILanguage', languageOfMedium(input.mediumLabel))),
      ...region(input),
    ),
    input.drivers ? drivers(input) : null,
    component(
      'Microsoft-Windows-Setup',
      bypass(input),
      input.uefi ? gptDisk() : mbrDisk(),
      imageInstall(input),
      userData(input),
    ),
  );
}

const region = ({ region: { locale, keyboard }, mediumLabel }: WindowsInput): XmlElement[] => [
  value('InputLocale', keyboardFor(keyboard)),
  value('SystemLocale', languageOf(locale)),
  value('UILanguage', languageOfMedium(mediumLabel)),
  value('UserLocale', languageOf(locale)),
];

/** Setup sees a virtio disk only with its driver; what it loads it also puts into the new system. */
function drivers({ version }: WindowsInput): XmlElement {
  const paths = driverPaths(version).map((path, index) =>
    el(
      'PathAndCredentials',
      { 'wcm:action': 'add', 'wcm:keyValue': index + 1 },
      value('Path', path),
    ),
  );
  return component('Microsoft-Windows-PnpCustomizationsWinPE', el('DriverPaths', {}, ...paths));
}

/** Switches single demands off, only where the machine does not meet them. */
function bypass({ without }: WindowsInput): Part {
  const names = [
    ...(without.tpm ? ['BypassTPMCheck'] : []),
    ...(without.secureBoot ? ['BypassSecureBootCheck'] : []),
  ];
  if (names.length === 0) return null;
  const commands = names.map((name, index) =>
    added(
      'RunSynchronousCommand',
      value('Order', index + 1),
      value('Path', `reg.exe add HKLM\\SYSTEM\\Setup\\LabConfig /v ${name} /t REG_DWORD /d 1 /f`),
    ),
  );
  return el('RunSynchronous', {}, ...commands);
}

function imageInstall(input: WindowsInput): XmlElement {
  const { version, edition, productKey, mediumLabel: label, uefi } = input;
  const { image } = chooseEdition({ version, edition, productKey, label });
  const from =
    image === null
      ? null
      : el(
          'InstallFrom',
          {},
          added('MetaData', value('Key', '/IMAGE/NAME'), value('Value', image)),
        );
  const to = el(
    'InstallTo',
    {},
    value('DiskID', 0),
    value('PartitionID', uefi ? SYSTEM_PARTITION.gpt : SYSTEM_PARTITION.mbr),
  );
  return el('ImageInstall', {}, el('OSImage', {}, from, to, value('WillShowUI', 'OnError')));
}

function userData({ version, edition, productKey, mediumLabel: label, user }: WindowsInput) {
  const { key } = chooseEdition({ version, edition, productKey, label });
  const entry = [...(key === null ? [] : [value('Key', key)]), value('WillShowUI', 'OnError')];
  return el(
    'UserData',
    {},
    value('AcceptEula', 'true'),
    value('FullName', user),
    el('ProductKey', {}, ...entry),
  );
}

/** The first start of the new system, before anybody can log in. */
function specialize(input: WindowsInput): XmlElement {
  return settings(
    'specialize',
    component(
      'Microsoft-Windows-Shell-Setup',
      value('ComputerName', input.computerName),
      value('TimeZone', timeZone(input)),
    ),
    component(
      'Microsoft-Windows-Deployment',
      el(
        'RunSynchronous',
        {},
        added(
          'RunSynchronousCommand',
          value('Order', 1),
          value('Path', runnerCommand('specialize')),
        ),
      ),
    ),
  );
}

const timeZone = ({ region: { timezone } }: WindowsInput): string =>
  windowsTimeZone(timezone) ?? 'UTC';

/** Which drive the medium has is not known. A command that fails would end Setup. */
const runnerCommand = (phase: 'specialize' | 'first-boot'): string =>
  `cmd.exe /c (for %d in (${DRIVE_LIST}) do @if exist %d\\${RUNNER_FILE} powershell.exe -NoProfile ` +
  `-NonInteractive -ExecutionPolicy Bypass -File %d\\${RUNNER_FILE} ${phase}) & exit 0`;

/** The pages of the first log-in are answered or hidden; then the runner is started, once. */
function oobeSystem(input: WindowsInput): XmlElement {
  return settings(
    'oobeSystem',
    component('Microsoft-Windows-International-Core', ...region(input)),
    component(
      'Microsoft-Windows-Shell-Setup',
      value('TimeZone', timeZone(input)),
      el(
        'OOBE',
        {},
        value('HideEULAPage', 'true'),
        value('HideLocalAccountScreen', 'true'),
        value('HideOEMRegistrationScreen', 'true'),
        value('HideOnlineAccountScreens', 'true'),
        value('HideWirelessSetupInOOBE', 'true'),
        value('ProtectYourPC', 3),
      ),
      accounts(input),
      el(
        'AutoLogon',
        {},
        secret('Password', input.password),
        value('Enabled', 'true'),
        value('LogonCount', 1),
        value('Username', input.user),
      ),
      el(
        'FirstLogonCommands',
        {},
        added(
          'SynchronousCommand',
          value('Order', 1),
          value('CommandLine', runnerCommand('first-boot')),
          value('RequiresUserInput', 'false'),
        ),
      ),
    ),
  );
}

const secret = (name: string, encoded: string): XmlElement =>
  el(name, {}, value('Value', encoded), value('PlainText', 'false'));

/** Servers have an account Administrator that would be left without a password. */
function accounts({ user, password, version }: WindowsInput): XmlElement {
  const purpose = 'AdministratorPassword';
  return el(
    'UserAccounts',
    {},
    isServer(version) ? secret(purpose, encodedFor(password, purpose)) : null,
    el(
      'LocalAccounts',
      {},
      added(
        'LocalAccount',
        secret('Password', password),
        value('DisplayName', user),
        value('Group', 'Administrators'),
        value('Name', user),
      ),
    ),
  );
}
