import { xml2js } from 'xml-js';
import type { XmlElement } from '../core/lifecycle/details.ts';

/** The elements at the top of a well-formed document. */
export async function parseXml(xml: string): Promise<XmlElement[]> {
  const elements: XmlElement[] | undefined = xml2js(xml, { compact: false }).elements;
  return elements ?? [];
}
