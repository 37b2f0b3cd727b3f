import type { BuildStateError } from '@buildstate/core';
import { errorCode } from '@buildstate/node-runtime';
import { UsageError } from './usage-error.ts';

/** What is known about the command that went wrong. */
export interface FailedCommand {
  /** The command, as it is written. */
  readonly commandId?: string | undefined;
  /** The words after it. */
  readonly argv: readonly string[];
  /** The build that it was about, if that is known. */
  readonly build?: string | undefined;
}

/** What to try after an error, by its code; `BUILD` stands for the build, and without one there is nothing to try. */
const byCode: Readonly<Record<string, string>> = {
  blocked_by_branches: 'bldst build tree BUILD',
  build_closed: 'bldst build get BUILD',
  illegal_transition: 'bldst build history BUILD',
  state_in_progress: 'bldst build get BUILD',
  missing_prerequisites: 'bldst build history BUILD',
  lease_lost: 'bldst build get BUILD',
  key_ring: 'bldst serve --help',
  unauthenticated: 'bldst auth set-key',
  forbidden: 'bldst whoami',
  unreachable: 'bldst health',
  unavailable: 'bldst health',
  not_resumable: 'bldst build resume-context BUILD',
};

/** What to try after an error of one command; `WORDS` stands for the words that it was given. */
const byCommand: Readonly<Record<string, string>> = {
  'artifact download already_exists': 'bldst artifact download WORDS --force',
  'artifact download integrity': 'bldst artifact verify --help',
  'artifact upload already_exists': 'bldst artifact list BUILD',
  'artifact register already_exists': 'bldst artifact list BUILD',
};

/** Codes whose message says all there is: the file to mend, the time that was exceeded. */
const needNothing: ReadonlySet<string> = new Set(['configuration', 'timeout', 'integrity']);

/** Topics that have a `list`. */
const listed = new Set([
  'artifact',
  'build',
  'job',
  'project',
  'resumable-state',
  'resume',
  'state-code',
  'token',
  'variable',
]);

/** Topics whose things belong to a build, which a list of them needs. */
const ofBuild = new Set(['artifact', 'events', 'job', 'resume', 'variable']);

function listOf(topic: string): string | undefined {
  if (!listed.has(topic)) return undefined;
  return ofBuild.has(topic) ? `bldst ${topic} list BUILD` : `bldst ${topic} list`;
}

/** The list of what an error says is not there, where that need not be what the command is about. */
function listOfMissing({ context }: BuildStateError): string | undefined {
  const [name, ...others] = Object.keys(context);
  if (others.length > 0) return undefined;
  return name === 'build' || name === 'project' || name === 'platform' ? `bldst ${name} list` : undefined;
}

function byKind(error: BuildStateError, commandId: string, help: string): string | undefined {
  const topic = commandId.split(' ')[0] ?? '';
  switch (error.kind) {
    case 'not_found':
      // What this machine's own system did not find, such as a program or a file, is in no list of the tracker.
      return errorCode(error.cause) === undefined ? (listOfMissing(error) ?? listOf(topic)) : undefined;
    case 'conflict':
      return ofBuild.has(topic) ? 'bldst build get BUILD' : undefined;
    case 'invalid':
      return help;
    default:
      return undefined;
  }
}

/** The words of a command line as they can be pasted; `undefined` when they would need quoting. */
function pasteable(argv: readonly string[]): string | undefined {
  return argv.every((word) => /^[\w@%+=:,./-]+$/.test(word)) ? argv.join(' ') : undefined;
}

/** Puts what is known into a command; `undefined` when something of it is not known. */
function filledIn(command: string, { argv, build }: FailedCommand): string | undefined {
  let text: string | undefined = command;
  for (const [placeholder, value] of [
    ['BUILD', build],
    ['WORDS', pasteable(argv)],
  ] as const) {
    if (text?.split(' ').includes(placeholder)) {
      text = value === undefined ? undefined : text.replace(placeholder, () => value);
    }
  }
  return text;
}

/** The next command to try after an error; `undefined` when none is known to help. */
export function nextCommand(error: BuildStateError, failed: FailedCommand): string | undefined {
  const { commandId } = failed;
  const help = commandId === undefined ? 'bldst help' : `bldst ${commandId} --help`;
  if (error instanceof UsageError) return error.hint ?? help;
  const own = byCommand[`${commandId} ${error.code}`] ?? byCode[error.code];
  if (own === undefined && needNothing.has(error.code)) return undefined;
  const command = own ?? byKind(error, commandId ?? '', help);
  return command === undefined ? undefined : filledIn(command, failed);
}
