import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Environment, isErrorWithCode } from '@buildstate/node-runtime';
import type { FileCommand, ShellChoice } from './file/build-file.ts';

const known = {
  bash: ['bash', '-euo', 'pipefail', '-c'],
  sh: ['sh', '-eu', '-c'],
} as const;

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return false;
    throw error;
  }
}

/** The shell for scripts that name none: bash where there is one, else sh. */
export async function defaultShell(environment: Environment): Promise<'bash' | 'sh'> {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    if (folder !== '' && (await isProgram(join(folder, 'bash')))) return 'bash';
  }
  return 'sh';
}

/** The argv that runs a command. */
export function argvOf(command: FileCommand, fallback: 'bash' | 'sh'): readonly string[] {
  if (command.kind === 'argv') return command.argv;
  const shell: ShellChoice = command.shell ?? fallback;
  return [...(typeof shell === 'string' ? known[shell] : shell), command.script];
}

/** What counts as the command when inputs are compared: what the file says, not which shell was found. */
export function identityOf(command: FileCommand): readonly string[] {
  if (command.kind === 'argv') return command.argv;
  const shell = command.shell ?? 'default';
  return ['script', ...(typeof shell === 'string' ? [shell] : shell), command.script];
}

/** A command as a person would write it. */
export function commandText(command: FileCommand): string {
  return command.kind === 'script' ? command.script.trim() : command.argv.join(' ');
}
