export interface Example {
  /** The heading it stands under. */
  readonly title: string;
  readonly code: string;
  /** What the README says that it prints. */
  readonly prints: string;
}

const FENCE = /^## +(.*)$|^```(ts|text)\n([\s\S]*?)^```$/gm;

/** Every `ts` block of a Markdown text with the `text` block after it: what it prints. */
export function examplesOf(markdown: string): Example[] {
  const examples: Example[] = [];
  let title = '';
  let code: string | null = null;
  for (const [, heading, language, body = ''] of markdown.matchAll(FENCE)) {
    if (heading !== undefined) title = heading;
    if (language !== undefined && (language === 'text') !== (code !== null)) {
      throw new Error(`'${title}': each ts block needs a text block that says what it prints`);
    }
    if (language === 'ts') code = body;
    if (language === 'text' && code !== null) {
      examples.push({ title, code, prints: body });
      code = null;
    }
  }
  if (code !== null) throw new Error(`'${title}': nothing says what the example prints`);
  return examples;
}

/** Numbers and UUIDs differ between hosts; all else must be the same. */
export function comparable(text: string): string {
  return text.trim().replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+(\.\d+)*/g, '#');
}
