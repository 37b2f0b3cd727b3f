import type { BuildStateError } from '@buildstate/core';
import { toProblem } from '@buildstate/core/light';
import type { Environment } from '@buildstate/node-runtime';
import { formatOfArgv, isStructured, type OutputFormat } from '../output/formats.ts';
import { yamlText } from '../output/show.ts';
import { isColourful, styleOf } from '../output/style.ts';
import { writeText } from '../output/write-text.ts';
import type { Session } from '../session/session.ts';
import { isKnownError, isParseError } from './known-error.ts';
import { nextCommand } from './next-command.ts';
import { OutputFullError } from './output-full-error.ts';
import { parseProblem } from './parse-problem.ts';

/** What was being done when an error came. */
export interface ErrorSurroundings {
  /** The command, as it is written; `undefined` when none was found. */
  readonly commandId?: string | undefined;
  /** The words after it. */
  readonly argv: readonly string[];
  /** The names of its flags. */
  readonly flags: readonly string[];
  /** The build that it was about, if that is known. */
  readonly build?: string | undefined;
}

/** Whether stacks are wanted: `DEBUG=bldst`, `DEBUG=bldst*`, `DEBUG=bldst:…`, `DEBUG=*`. */
export function isDebugging(env: Environment): boolean {
  return (env.DEBUG ?? '').split(/[\s,]+/).some((name) => name === '*' || name.startsWith('bldst'));
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

function asKnown(error: unknown, flags: readonly string[]): BuildStateError | undefined {
  if (isKnownError(error)) return error;
  return isParseError(error) ? parseProblem(error, flags) : undefined;
}

function problemOf(error: unknown, known: BuildStateError | undefined): unknown {
  if (known !== undefined) return toProblem(known);
  const detail = error instanceof Error ? error.message : String(error);
  return { type: '/problems/unexpected', title: 'Unexpected', status: 500, detail, code: 'unexpected' };
}

/** The sentence, what is wrong field by field, and the next command to try: lines for people. */
function linesFor(error: unknown, known: BuildStateError | undefined, around: ErrorSurroundings): string[] {
  if (known === undefined) {
    return [
      `This should not have happened: ${error instanceof Error ? error.message : String(error)}`,
      'For the details run it again with DEBUG=bldst in the environment.',
    ];
  }
  const next = nextCommand(known, around);
  return [
    known.message,
    ...known.problems
      .filter(({ message }) => !known.message.includes(message))
      .map(({ path, message }) => `  ${path === '' ? 'input' : path}: ${message}`),
    ...(next === undefined ? [] : [`Try: ${next}`]),
  ];
}

/**
 * Shows an error: a sentence and the next command to try on standard error, and where the result was wanted as
 * JSON or YAML, the API's problem in that form on standard output.
 *
 * @param format the format of the result; told from the words when the command did not come that far
 */
export async function reportError(
  error: unknown,
  session: Session,
  around: ErrorSurroundings,
  format: OutputFormat = formatOfArgv(around.argv),
): Promise<void> {
  const { stdout, stderr, env, now } = session;
  const known = asKnown(error, around.flags);
  const style = styleOf(isColourful(stderr, env), now());
  const [first = '', ...others] = linesFor(error, known, around);
  const stack = isDebugging(env) ? [stackOf(error)] : [];
  await writeText(
    stderr,
    `${[`${style.bad('Error:')} ${first}`, ...others, ...stack].join('\n')}\n`,
    'standard error',
  );
  // A full standard output takes no problem either.
  if (!isStructured(format) || error instanceof OutputFullError) return;
  const problem = problemOf(error, known);
  await writeText(
    stdout,
    format === 'json' ? `${JSON.stringify(problem, null, 2)}\n` : await yamlText(problem),
  );
}
