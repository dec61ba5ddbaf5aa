import { type Element, type ElementCompact, xml2js } from 'xml-js';
import {
  el,
  serializeXml,
  type XmlChild,
  type XmlElement,
} from '../../core/domain/domain-xml-element.ts';
import { BerthError } from '../../core/errors.ts';

/** A parsed element. Text and attributes have their entities decoded. */
export type XmlNode = Element;

/** The root element of a document from libvirt. Throws `xml_invalid`. */
export function parseXml(text: string): XmlNode {
  let document: Element | ElementCompact;
  try {
    document = xml2js(text, { compact: false, ignoreComment: true });
  } catch (cause) {
    throw new BerthError('xml_invalid', 'libvirt sent XML that cannot be read.', { cause });
  }
  const elements: Element[] = document['elements'] ?? [];
  const root = elements.find(({ type }) => type === 'element');
  if (root === undefined) throw new BerthError('xml_invalid', 'libvirt sent an empty document.');
  return root;
}

/** All elements at a path below `node`. */
export function findAll(node: XmlNode, ...path: readonly string[]): XmlNode[] {
  return path.reduce<XmlNode[]>(
    (level, name) =>
      level.flatMap(({ elements = [] }) => elements.filter((child) => child.name === name)),
    [node],
  );
}

export function findFirst(node: XmlNode, ...path: readonly string[]): XmlNode | undefined {
  return findAll(node, ...path)[0];
}

export function attributeOf(node: XmlNode | undefined, name: string): string | undefined {
  const value = node?.attributes?.[name];
  return value === undefined ? undefined : String(value);
}

export function textOf(node: XmlNode | undefined): string | undefined {
  const parts = (node?.elements ?? []).flatMap(({ text, cdata }) => text ?? cdata ?? []);
  return parts.length === 0 ? undefined : parts.join('');
}

/** A parsed element as text again. */
export function printXml(node: XmlNode): string {
  return serializeXml(toElement(node));
}

function toElement({ name = '', attributes = {}, elements = [] }: XmlNode): XmlElement {
  const children = elements.map((child): XmlChild => {
    if (child.type === 'element') return toElement(child);
    return child.text === undefined ? child.cdata : String(child.text);
  });
  return el(name, attributes, ...children);
}
