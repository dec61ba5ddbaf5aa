import type { Command } from 'commander';
import type { GlobalOptions } from './session.ts';

/** Adds a command to its parent, with the options that all have. `run` resolves with the exit code. */
export type AddCommand = <O extends GlobalOptions>(
  parent: Command,
  usage: string,
  description: string,
  run: (options: O, args: string[]) => Promise<number>,
) => Command;
