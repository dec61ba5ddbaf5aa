import type { ErrorData } from '../../src-contract/model/error.ts';

/** Standard output is for results alone: JSON lines with --json, else text. Everything else goes to standard error. */
export class Output {
  readonly json: boolean;
  readonly isTerminal = process.stdout.isTTY === true;

  constructor(json: boolean) {
    this.json = json;
  }

  /** One JSON line; nothing without --json. */
  record(value: object): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Text for a person; nothing with --json. */
  text(line: string): void {
    if (!this.json) process.stdout.write(`${line}\n`);
  }

  /** The same fact in both forms. */
  both(value: object, line: string): void {
    this.record(value);
    this.text(line);
  }

  diagnose(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  error(error: ErrorData): void {
    if (this.json) {
      this.record({ type: 'error', error });
      return;
    }
    const where = error.stage === undefined ? '' : ` (in stage ${error.stage})`;
    this.diagnose(`berth: ${error.message}${where} [${error.code}]`);
    if (error.cause !== undefined) this.diagnose(`  cause: ${error.cause}`);
    if (error.hint !== undefined) this.diagnose(`  hint:  ${error.hint}`);
    if (error.fix?.action === 'run-command') this.diagnose(`  fix:   ${error.fix.command}`);
    else if (error.fix !== undefined) this.diagnose(`  fix:   ${error.fix.label}`);
  }

  /** A table with a header, padded to the widest cell. */
  table(header: readonly string[], rows: readonly (readonly string[])[]): void {
    const all = [header, ...rows];
    const widths = header.map((_, column) =>
      Math.max(...all.map((row) => (row[column] ?? '').length)),
    );
    for (const row of all) {
      this.text(
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      );
    }
  }
}
