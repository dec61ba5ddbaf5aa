import { libosinfoElement, METADATA_SCHEMA_VERSION, metadataElement } from './domain-metadata.ts';
import {
  channelElements,
  controllerElements,
  hasIoThread,
  networkElements,
  serialElements,
  serviceElements,
  storageElements,
} from './domain-xml-devices.ts';
import { displayElements } from './domain-xml-display.ts';
import { el, isXmlText, serializeXml, type XmlElement } from './domain-xml-element.ts';
import {
  clockElement,
  cpuElement,
  featuresElement,
  osElement,
  powerElement,
} from './domain-xml-platform.ts';
import type { MachinePaths, MachineSpec } from './machine-spec.ts';

export interface DomainSecrets {
  /** Null = the display asks for no password. */
  displayPassword: string | null;
}

const KIB = 1024;

/**
 * The definition of a machine's domain for libvirt (https://libvirt.org/formatdomain.html).
 * The same input gives the same text.
 * @throws TextNotRepresentableError when a path, a name or the password has control characters
 */
export function buildDomainXml(
  spec: MachineSpec,
  paths: MachinePaths,
  secrets: DomainSecrets,
): string {
  const memory = String(Math.ceil(spec.memoryBytes / KIB));
  return serializeXml(
    el(
      'domain',
      { type: spec.accelerator === 'kvm' ? 'kvm' : 'qemu' },
      el('name', {}, spec.domainName),
      el('uuid', {}, spec.domainUuid),
      titleElement(spec.name),
      el('metadata', {}, machineMetadata(spec), libosinfoElement(spec.osinfoId)),
      el('memory', { unit: 'KiB' }, memory),
      el('currentMemory', { unit: 'KiB' }, memory),
      el('vcpu', { placement: 'static' }, String(spec.vcpus)),
      hasIoThread(spec, paths) ? el('iothreads', {}, '1') : null,
      osElement(spec, paths),
      featuresElement(spec),
      cpuElement(spec),
      clockElement(spec),
      el('on_poweroff', {}, 'destroy'),
      el('on_reboot', {}, 'restart'),
      el('on_crash', {}, 'destroy'),
      powerElement(),
      devicesElement(spec, paths, secrets),
    ),
  );
}

function machineMetadata(spec: MachineSpec): XmlElement {
  const { machineId, creationId, templateId, departmentId } = spec;
  const schemaVersion = METADATA_SCHEMA_VERSION;
  return metadataElement({ machineId, creationId, templateId, departmentId, schemaVersion });
}

/** libvirt takes no line breaks in a title; an ornament of the display name must not fail a creation. */
function titleElement(name: string): XmlElement | null {
  const title = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return title === '' || !isXmlText(title) ? null : el('title', {}, title);
}

function devicesElement(
  spec: MachineSpec,
  paths: MachinePaths,
  secrets: DomainSecrets,
): XmlElement {
  return el(
    'devices',
    {},
    el('emulator', {}, spec.emulator),
    ...storageElements(spec, paths),
    ...controllerElements(spec, paths),
    ...networkElements(spec),
    ...serialElements(),
    ...channelElements(spec),
    ...displayElements(spec, secrets.displayPassword),
    ...serviceElements(spec),
  );
}
