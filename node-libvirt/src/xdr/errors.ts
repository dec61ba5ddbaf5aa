/** A value cannot be encoded, or bytes cannot be decoded, as XDR (RFC 4506). */
export class XdrError extends Error {
  override readonly name = 'XdrError';
  readonly code = 'LIBVIRT_XDR';
  /** Where in the message: field names from the outside in, such as `dom.uuid`. */
  readonly path: string;

  constructor(message: string, path = '') {
    super(path === '' ? message : `${path}: ${message}`);
    this.path = path;
  }

  /** The same error seen from one level further out. */
  within(field: string): XdrError {
    const inner = this.path === '' ? this.message : this.message.slice(this.path.length + 2);
    return new XdrError(inner, this.path === '' ? field : `${field}.${this.path}`);
  }
}
