import { libosinfoElement, METADATA_SCHEMA_VERSION, metadataElement } from './domain-metadata.ts';
import {
  channelElements,
  controllerElements,
  hostdevElements,
  iommuElements,
  serialElements,
  serviceElements,
} from './domain-xml-devices.ts';
import { hasIoThread, storageElements } from './domain-xml-disks.ts';
import { displayElements } from './domain-xml-display.ts';
import { el, isXmlText, serializeXml, type XmlElement } from './domain-xml-element.ts';
import { networkElements } from './domain-xml-network.ts';
import { cpuTuneElement, memoryBackingElement, numaTuneElement } from './domain-xml-placement.ts';
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
  const ioThread = hasIoThread(spec, paths);
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
      memoryBackingElement(spec),
      el('vcpu', { placement: 'static' }, String(spec.vcpus)),
      ioThread ? el('iothreads', {}, '1') : null,
      cpuTuneElement(spec, ioThread),
      numaTuneElement(spec),
      osElement(spec, paths),
      featuresElement(spec),
      cpuElement(spec),
      clockElement(spec),
      el('on_poweroff', {}, 'destroy'),
      // The installer's kernel would install again.
      el('on_reboot', {}, spec.installer?.boot === 'kernel' ? 'destroy' : 'restart'),
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
    ...hostdevElements(spec),
    ...iommuElements(spec),
    ...serviceElements(spec),
  );
}
