/** Hands a JSON document to the person as a file. */
export function downloadJson(name: string, document: unknown): void {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = window.document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
