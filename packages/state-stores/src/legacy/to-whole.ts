import type {
  Build,
  JsonObject,
  PastReport,
  Project,
  ReplayNotes,
  StateReport,
  Timestamp,
  WholeBuild,
} from '@buildstate/core';
import { newBuild, replayBuild } from '@buildstate/core';
import { resolveStateName, ValidationError } from '@buildstate/core/light';
import { sha256 } from '../sha256.ts';
import { idsWithin, uuidFor } from './derived-ids.ts';
import type { LegacyBuild, LegacyEntry, LegacyFormat } from './legacy-build.ts';
import { knownWords, type Meaning, meaningOf } from './words.ts';

/** Longest text of an error or a message; see the API. */
const longestText = 8000;

/** A build that was made out of another program's. */
export interface MadeBuild {
  /** The build. */
  readonly whole: WholeBuild;
  /** What was not as the rules have it: sentences without a full stop. */
  readonly warnings: readonly string[];
}

/** What a build is made with. */
export interface MakeTools {
  /** Which form it comes from. */
  readonly format: LegacyFormat;
  /** Its project. */
  readonly project: Project;
  /** What names of reference data stand for. */
  readonly references: {
    readonly platform: { readonly id: string; readonly name: string } | null;
    readonly imageType: { readonly id: string; readonly name: string } | null;
  };
  /** Now, for builds that do not say when they were made. */
  readonly now: Timestamp;
}

function refuse({ where }: Pick<LegacyBuild, 'where'>, field: string, message: string): ValidationError {
  return new ValidationError(`${where}: ${field} ${message}.`, { problems: [{ path: field, message }] });
}

function stateOf(legacy: LegacyBuild, state: string | number, field: string, project: Project): number {
  if (typeof state === 'number' || /^\d+$/.test(state)) {
    const code = Number(state);
    if (Number.isInteger(code) && code >= 0 && code <= 100) return code;
    throw refuse(legacy, field, `must be from 0 to 100, not ${state}`);
  }
  try {
    return resolveStateName(project.stateCodes, state);
  } catch (cause) {
    throw new ValidationError(
      `${legacy.where}: ${field} "${state}" is no state of project ${project.name}.`,
      {
        cause,
        problems: [{ path: field, message: 'is no state of the project' }],
      },
    );
  }
}

function meaning(legacy: LegacyBuild, status: string, field: string): Meaning {
  const found = meaningOf(status);
  if (found !== undefined) return found;
  throw refuse(legacy, field, `"${status}" is not understood; known are ${knownWords.join(', ')}`);
}

const kinds = { start: 'start', complete: 'complete', fail: 'fail', skip: 'skip', cancel: 'start' } as const;

/** What an entry says that has no status: it failed if it has an error; else it began, and what follows ends it. */
function kindOf(legacy: LegacyBuild, entry: LegacyEntry, field: string): StateReport['kind'] {
  if (entry.status !== null) return kinds[meaning(legacy, entry.status, field)];
  if (entry.errorMessage !== null) return 'fail';
  return entry.endTime === null ? 'start' : 'complete';
}

function short(text: string | null): string | null {
  return text === null || text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}

const noReport = {
  jobId: null,
  leaseToken: null,
  takeover: true,
  errorCode: null,
  component: null,
  errorDetails: null,
  category: undefined,
  isRetryable: undefined,
  artifactMetadata: null,
} as const;

function reportOf(
  entry: LegacyEntry,
  kind: StateReport['kind'],
  state: number,
  eventId: string,
): StateReport {
  const { artifact } = entry;
  return {
    ...noReport,
    kind,
    state,
    eventId,
    message: short(entry.message),
    startTime: entry.startTime,
    endTime: kind === 'start' ? null : entry.endTime,
    errorMessage: kind === 'fail' ? (short(entry.errorMessage) ?? 'No reason was kept.') : null,
    reportedBy: entry.reportedBy ?? 'import',
    artifactStorageType: artifact?.type ?? null,
    artifactStoragePath: artifact?.path ?? null,
    artifactSizeBytes: artifact?.size ?? null,
    artifactChecksum: artifact?.checksum ?? null,
    // What a line said beyond what is understood, an error of a state that did not fail included.
    metadata: {
      ...entry.rest,
      ...(entry.errorMessage !== null && kind !== 'fail' && { error_message: entry.errorMessage }),
    },
  };
}

/** Entries in the order of their times; those that have none stay behind the one before them. */
function inOrder(
  entries: readonly LegacyEntry[],
  first: Timestamp,
): { at: Timestamp; entry: LegacyEntry; place: number }[] {
  let last = first;
  return entries
    .map((entry, place) => {
      last = entry.at ?? last;
      return { at: last, entry, place };
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.place - b.place));
}

/** What a build without a history, or with one that ends early, says of where it stands. */
function standingEntry(legacy: LegacyBuild, at: Timestamp): LegacyEntry | undefined {
  const { currentState: state, status, errorMessage } = legacy;
  if (state === null) return undefined;
  return {
    state,
    status,
    at,
    startTime: null,
    endTime: null,
    message: null,
    errorMessage,
    reportedBy: null,
    artifact: null,
    rest: {},
  };
}

function times({ createdAt, updatedAt, history }: LegacyBuild, now: Timestamp) {
  const seen = history.flatMap(({ at, startTime, endTime }) =>
    [at, startTime, endTime].flatMap((time) => time ?? []),
  );
  const all = [...seen, ...[createdAt, updatedAt].flatMap((time) => time ?? [])].sort();
  const first = createdAt ?? all[0] ?? now;
  const last =
    [updatedAt, all.at(-1), first]
      .flatMap((time) => time ?? [])
      .sort()
      .at(-1) ?? now;
  return { first, last };
}

function buildOf(legacy: LegacyBuild, id: string, { project, references }: MakeTools, at: Timestamp): Build {
  const { platform, imageType } = references;
  return newBuild(project, {
    id,
    buildNumber: legacy.buildNumber ?? legacy.id,
    platformId: platform?.id ?? null,
    platform: platform?.name ?? null,
    imageTypeId: imageType?.id ?? null,
    imageType: imageType?.name ?? null,
    cloudProvider: legacy.cloudProvider,
    description: legacy.description,
    createdBy: legacy.createdBy,
    createdAt: at,
  });
}

/** What is kept of where a build came from, and of what could not become part of its history. */
function origin(
  legacy: LegacyBuild,
  format: LegacyFormat,
  left: readonly LegacyEntry[],
  notes: readonly string[],
): JsonObject {
  const { id, status, currentState, rest } = legacy;
  return JSON.parse(
    JSON.stringify({
      ...rest,
      imported: { format, id, status, current_state: currentState, warnings: notes, left_out: left },
    }),
  ) as JsonObject;
}

/**
 * Makes a build out of another program's, by replaying its history.
 * @throws ValidationError that names the record and the field
 */
export function toWhole(legacy: LegacyBuild, tools: MakeTools): MadeBuild {
  const { format, project, now } = tools;
  const id = uuidFor(`${format} ${project.id}`, legacy.id);
  const { first, last } = times(legacy, now);
  const status = legacy.status === null ? undefined : meaning(legacy, legacy.status, 'status');
  const extra: string[] = [];
  const ordered = inOrder(legacy.history, first);
  const reports = ordered.map(({ at, entry, place }): PastReport => {
    const field = `history.${place}`;
    const state = stateOf(legacy, entry.state, `${field}.state`, project);
    const kind = kindOf(legacy, entry, `${field}.status`);
    return { at, report: reportOf(entry, kind, state, uuidFor(`${id} entry`, String(place))) };
  });
  const standing = standingEntry(legacy, last);
  const addition = standing && missingReport(legacy, standing, reports, status, project);
  if (addition !== undefined) {
    reports.push({
      at: last,
      report: reportOf(addition.entry, addition.kind, addition.state, uuidFor(`${id} entry`, 'standing')),
    });
    if (legacy.history.length > 0) extra.push(addition.why);
  }
  const metadata = ({ warnings, left }: ReplayNotes) =>
    origin(
      legacy,
      format,
      left.flatMap((index) => ordered[index]?.entry ?? []),
      [...extra, ...warnings],
    );
  const end = { at: last, cancelled: status === 'cancel', metadata };
  const build = buildOf(legacy, id, tools, first);
  const { whole, notes } = replayBuild(build, reports, end, {
    project,
    ids: idsWithin(id, first),
    crypto: sha256,
  });
  return { whole, warnings: [...extra, ...notes.warnings] };
}

/** What the build's own record says beyond its history: a later state, or a failure that has no line. */
function missingReport(
  legacy: LegacyBuild,
  standing: LegacyEntry,
  reports: readonly PastReport[],
  status: Meaning | undefined,
  project: Project,
): { entry: LegacyEntry; kind: StateReport['kind']; state: number; why: string } | undefined {
  const state = stateOf(legacy, standing.state, 'current_state', project);
  const kind = status === undefined || status === 'cancel' ? 'start' : kinds[status];
  const reached = Math.max(0, ...reports.map(({ report }) => report.state));
  const failed = reports.at(-1)?.report.kind === 'fail';
  if (reports.length === 0) {
    // A build that has not begun has nothing to tell.
    return state === 0 && kind === 'start' ? undefined : { entry: standing, kind, state, why: '' };
  }
  if (kind === 'fail' && !failed)
    return {
      entry: standing,
      kind,
      state,
      why: `the build was failed without a line about it: a failure of state ${state} was added`,
    };
  if (state > reached)
    return {
      entry: standing,
      kind,
      state,
      why: `the build was at state ${state} without a line about it: one was added`,
    };
  return undefined;
}
