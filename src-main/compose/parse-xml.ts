import type { XmlElement } from '../core/lifecycle/details.ts';

/** The elements at the top of a well-formed document. The parser is loaded on first use. */
export async function parseXml(xml: string): Promise<XmlElement[]> {
  const { xml2js } = await import('xml-js');
  const elements: XmlElement[] | undefined = xml2js(xml, { compact: false }).elements;
  return elements ?? [];
}
