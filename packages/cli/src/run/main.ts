import type { CommandClass } from '../base/command-class.ts';
import { lightConfig, userAgent } from '../base/light-config.ts';
import { exitCodes } from '../errors/exit-codes.ts';
import { exitCodeOf } from '../errors/known-error.ts';
import { type ErrorSurroundings, reportError } from '../errors/report-error.ts';
import { UsageError } from '../errors/usage-error.ts';
import { writeText } from '../output/write-text.ts';
import type { Session } from '../session/session.ts';
import { commandTable } from './command-table.ts';
import { findCommand, type Request } from './find-command.ts';

async function runCommand(request: Request & { kind: 'command' }, session: Session): Promise<number> {
  const { id, argv } = request;
  const { default: Class } = await commandTable[id]();
  Class.id = id;
  const command = new Class(argv, lightConfig(session, commandTable));
  try {
    await command.execute();
    return command.exitCode;
  } catch (error) {
    const around: ErrorSurroundings = {
      commandId: id,
      argv,
      flags: flagNames(Class),
      build: command.subject,
    };
    await reportError(error, session, around, command.format);
    return command.exitCodeFor(error);
  }
}

function flagNames(Class: CommandClass): string[] {
  return Object.keys({ ...Class.baseFlags, ...Class.flags });
}

async function refuse(
  request: Request & { kind: 'unknown' },
  argv: readonly string[],
  session: Session,
): Promise<number> {
  const flag = request.words[0]?.replace(/=.*$/s, '');
  if (flag?.startsWith('-')) {
    const error = new UsageError(
      `Flags such as ${flag} come after the command, as in "bldst build list -o json".`,
      { hint: 'bldst help' },
    );
    await reportError(error, session, { argv, flags: [] });
    return exitCodes.usage.code;
  }
  const advice = request.nearest.map((name) => `"bldst ${name}"`).join(' or ');
  const error = new UsageError(
    `There is no command "bldst ${request.words.join(' ')}".${advice === '' ? '' : ` Did you mean ${advice}?`}`,
    { hint: request.topic === undefined ? 'bldst help' : `bldst ${request.topic} --help` },
  );
  await reportError(error, session, { argv, flags: [] });
  return exitCodes.usage.code;
}

async function answer(argv: readonly string[], session: Session): Promise<number> {
  const request = findCommand(argv);
  switch (request.kind) {
    case 'command':
      return runCommand(request, session);
    case 'version':
      await writeText(session.stdout, `${userAgent(session.version)}\n`);
      return exitCodes.done.code;
    case 'help': {
      const { showHelp } = await import('../help/show-help.ts');
      return showHelp(request.words, session);
    }
    case 'unknown':
      return refuse(request, argv, session);
  }
}

/**
 * Runs one command line. What goes wrong is shown, not thrown.
 *
 * @param argv the words after `bldst`
 * @returns the exit code; the process must end by itself, so that what is still being written gets out
 */
export async function main(argv: readonly string[], session: Session): Promise<number> {
  try {
    return await answer(argv, session);
  } catch (error) {
    await reportError(error, session, { argv, flags: [] });
    return exitCodeOf(error);
  }
}
