import type { BuildStateError } from '@buildstate/core';
import { UsageError } from './usage-error.ts';

/** What to try after an error, by its code; `BUILD` stands for the build, where one is known. */
const byCode: Readonly<Record<string, string>> = {
  build_closed: 'bldst build get BUILD',
  illegal_transition: 'bldst build history BUILD',
  state_in_progress: 'bldst build get BUILD',
  missing_prerequisites: 'bldst build history BUILD',
  lease_lost: 'bldst build get BUILD',
  integrity: 'bldst artifact verify BUILD NAME --deep',
  key_ring: 'bldst serve --help',
  unauthenticated: 'bldst auth set-key',
  forbidden: 'bldst whoami',
  unreachable: 'bldst health',
  unavailable: 'bldst health',
  timeout: 'bldst health',
  not_resumable: 'bldst build resume-context BUILD',
  configuration: 'bldst config show',
};

/** What to try after an error of one command. */
const byCommand: Readonly<Record<string, string>> = {
  'artifact download already_exists': 'bldst artifact download BUILD NAME FILE --force',
  'artifact upload already_exists': 'bldst artifact list BUILD',
  'artifact register already_exists': 'bldst artifact list BUILD',
};

/** Topics that have a `list`. */
const listed = new Set([
  'artifact',
  'build',
  'job',
  'project',
  'resumable-state',
  'state-code',
  'token',
  'variable',
]);

/** Topics whose things belong to a build, which a list of them needs. */
const ofBuild = new Set(['artifact', 'job', 'variable']);

function listOf(commandId: string | undefined): string {
  const topic = commandId?.split(' ')[0] ?? '';
  if (!listed.has(topic)) return 'bldst build list';
  return ofBuild.has(topic) ? `bldst ${topic} list BUILD` : `bldst ${topic} list`;
}

function byKind({ kind }: BuildStateError, commandId: string | undefined, help: string): string {
  if (kind === 'not_found') return listOf(commandId);
  return kind === 'conflict' && ofBuild.has(commandId?.split(' ')[0] ?? '') ? 'bldst build get BUILD' : help;
}

/** The next command to try after an error. */
export function nextCommand(
  error: BuildStateError,
  commandId: string | undefined,
  build: string | undefined,
): string {
  const help = commandId === undefined ? 'bldst help' : `bldst ${commandId} --help`;
  if (error instanceof UsageError) return error.hint ?? help;
  const command =
    byCommand[`${commandId} ${error.code}`] ?? byCode[error.code] ?? byKind(error, commandId, help);
  return build === undefined ? command : command.replace('BUILD', build);
}
