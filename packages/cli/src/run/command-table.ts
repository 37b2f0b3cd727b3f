import type { Config } from '@oclif/core';
import type { OutputCommand } from '../base/output-command.ts';

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

/**
 * Every command and the file that holds it, loaded when it is run. The words of the command are the path of its
 * file. This table takes the place of a search for files at every start.
 */
export const commandTable = {
  'help exit-codes': () => import('../commands/help/exit-codes.ts'),
} as const satisfies Record<string, () => Promise<{ readonly default: CommandClass }>>;

/** A command, as it is written. */
export type CommandId = keyof typeof commandTable;

/** Other names of commands. */
export const commandAliases: Readonly<Record<string, CommandId>> = {};
