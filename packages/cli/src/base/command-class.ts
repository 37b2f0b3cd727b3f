import type { Config } from '@oclif/core';
import type { OutputCommand } from './output-command.ts';

/** A command's class, as the files under `commands` export it. */
export interface CommandClass
  extends Pick<
    typeof OutputCommand,
    | 'summary'
    | 'description'
    | 'examples'
    | 'args'
    | 'flags'
    | 'baseFlags'
    | 'aliases'
    | 'usage'
    | 'strict'
    | 'hidden'
  > {
  new (argv: string[], config: Config): OutputCommand;
  id: string;
}

/** Loads commands, by their words. */
export type CommandLoaders = Readonly<Record<string, () => Promise<{ readonly default: CommandClass }>>>;
