import { type Element, js2xml } from 'xml-js';

type XmlValue = string | number;
export type XmlAttributes = Readonly<Record<string, XmlValue | undefined>>;
/** `null` and `undefined` children are left out, so that optional parts read as expressions. */
export type XmlChild = XmlElement | string | null | undefined;

export interface XmlElement {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly children: readonly XmlChild[];
}

/** Text that no XML 1.0 document can hold: a control character or half a surrogate pair. */
export class TextNotRepresentableError extends Error {
  readonly code = 'text_not_representable';

  constructor(text: string) {
    super(`${JSON.stringify(text)} has a character that XML cannot carry`);
    this.name = 'TextNotRepresentableError';
  }
}

export function el(
  name: string,
  attributes: XmlAttributes = {},
  ...children: readonly XmlChild[]
): XmlElement {
  return { name, attributes, children };
}

/**
 * The element and all below it, indented by two spaces, with a final newline.
 * @throws TextNotRepresentableError
 */
export function serializeXml(root: XmlElement): string {
  return `${js2xml({ elements: [toTree(root)] }, { spaces: 2 })}\n`;
}

function toTree(element: XmlElement): Element {
  const attributes = Object.entries(element.attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, escapeAttribute(String(value))] as const],
  );
  return {
    type: 'element',
    name: element.name,
    attributes: Object.fromEntries(attributes),
    elements: element.children.flatMap(toNode),
  };
}

function toNode(child: XmlChild): Element[] {
  if (child === null || child === undefined) return [];
  if (typeof child !== 'string') return [toTree(child)];
  // The serialiser turns every `&amp;` back into `&` before it escapes: give it one to turn back.
  return [{ type: 'text', text: checked(child).replaceAll('&', '&amp;') }];
}

/** The serialiser escapes nothing but quotes in attributes. White space would be normalised away. */
function escapeAttribute(value: string): string {
  return checked(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;');
}

function checked(text: string): string {
  if (!isXmlText(text)) throw new TextNotRepresentableError(text);
  return text;
}

/** The `Char` production of XML 1.0. */
export function isXmlText(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const control = code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d;
    if (control || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff) {
      return false;
    }
  }
  return true;
}
