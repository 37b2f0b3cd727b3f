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
  'artifact delete': () => import('../commands/artifact/delete.ts'),
  'artifact download': () => import('../commands/artifact/download.ts'),
  'artifact get': () => import('../commands/artifact/get.ts'),
  'artifact list-resumable': () => import('../commands/artifact/list-resumable.ts'),
  'artifact list': () => import('../commands/artifact/list.ts'),
  'artifact register': () => import('../commands/artifact/register.ts'),
  'artifact update': () => import('../commands/artifact/update.ts'),
  'artifact upload': () => import('../commands/artifact/upload.ts'),
  'artifact verify': () => import('../commands/artifact/verify.ts'),
  'auth logout': () => import('../commands/auth/logout.ts'),
  'auth set-key': () => import('../commands/auth/set-key.ts'),
  'build add-state': () => import('../commands/build/add-state.ts'),
  'build cancel': () => import('../commands/build/cancel.ts'),
  'build check': () => import('../commands/build/check.ts'),
  'build create': () => import('../commands/build/create.ts'),
  'build fail': () => import('../commands/build/fail.ts'),
  'build failures': () => import('../commands/build/failures.ts'),
  'build get': () => import('../commands/build/get.ts'),
  'build history': () => import('../commands/build/history.ts'),
  'build lease': () => import('../commands/build/lease.ts'),
  'build list': () => import('../commands/build/list.ts'),
  'build resume-context': () => import('../commands/build/resume-context.ts'),
  'build resume': () => import('../commands/build/resume.ts'),
  'build retry': () => import('../commands/build/retry.ts'),
  'build rollback': () => import('../commands/build/rollback.ts'),
  'config get': () => import('../commands/config/get.ts'),
  'config set-url': () => import('../commands/config/set-url.ts'),
  'config set': () => import('../commands/config/set.ts'),
  'config show': () => import('../commands/config/show.ts'),
  'config unset': () => import('../commands/config/unset.ts'),
  health: () => import('../commands/health.ts'),
  'help exit-codes': () => import('../commands/help/exit-codes.ts'),
  'job link': () => import('../commands/job/link.ts'),
  'job list': () => import('../commands/job/list.ts'),
  'job update': () => import('../commands/job/update.ts'),
  'project create': () => import('../commands/project/create.ts'),
  'project delete': () => import('../commands/project/delete.ts'),
  'project get': () => import('../commands/project/get.ts'),
  'project list': () => import('../commands/project/list.ts'),
  'project update': () => import('../commands/project/update.ts'),
  'resumable-state create': () => import('../commands/resumable-state/create.ts'),
  'resumable-state delete': () => import('../commands/resumable-state/delete.ts'),
  'resumable-state get': () => import('../commands/resumable-state/get.ts'),
  'resumable-state list': () => import('../commands/resumable-state/list.ts'),
  'resumable-state update': () => import('../commands/resumable-state/update.ts'),
  'retry-policy get': () => import('../commands/retry-policy/get.ts'),
  'retry-policy set': () => import('../commands/retry-policy/set.ts'),
  run: () => import('../commands/run.ts'),
  serve: () => import('../commands/serve.ts'),
  'state-code deprecate': () => import('../commands/state-code/deprecate.ts'),
  'state-code list': () => import('../commands/state-code/list.ts'),
  'state-code set': () => import('../commands/state-code/set.ts'),
  status: () => import('../commands/status.ts'),
  step: () => import('../commands/step.ts'),
  'token create': () => import('../commands/token/create.ts'),
  'token list': () => import('../commands/token/list.ts'),
  'token revoke': () => import('../commands/token/revoke.ts'),
  'variable delete': () => import('../commands/variable/delete.ts'),
  'variable get': () => import('../commands/variable/get.ts'),
  'variable list': () => import('../commands/variable/list.ts'),
  'variable set': () => import('../commands/variable/set.ts'),
  whoami: () => import('../commands/whoami.ts'),
} as const satisfies Record<string, () => Promise<{ readonly default: CommandClass }>>;

/** A command, as it is written. */
export type CommandId = keyof typeof commandTable;

/** Other names of commands. */
export const commandAliases: Readonly<Record<string, CommandId>> = {
  'artifact create': 'artifact register',
  'build add-failure': 'build fail',
  'build record-failure': 'build fail',
  'build update-state': 'build add-state',
};
