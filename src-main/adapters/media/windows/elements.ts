import { el, type XmlElement } from '../../../core/domain/domain-xml-element.ts';

const IDENTITY = {
  processorArchitecture: 'amd64',
  publicKeyToken: '31bf3856ad364e35',
  language: 'neutral',
  versionScope: 'nonSxS',
};

export type Part = XmlElement | null;

/** One part of Windows that is answered; the identity is that of every 64-bit one. */
export const component = (name: string, ...children: readonly Part[]): XmlElement =>
  el('component', { name, ...IDENTITY }, ...children);
/** What is answered in one pass of Setup. */
export const settings = (pass: string, ...components: readonly Part[]): XmlElement =>
  el('settings', { pass }, ...components);
export const value = (name: string, text: string | number): XmlElement =>
  el(name, {}, String(text));
/** An item of a list. */
export const added = (name: string, ...children: readonly Part[]): XmlElement =>
  el(name, { 'wcm:action': 'add' }, ...children);
