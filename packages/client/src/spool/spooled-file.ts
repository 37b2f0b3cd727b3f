import type { RejectedReport, SpooledReport } from '../api/spool.ts';

/** The reports that are spooled. Variables never are: their values may be secret. */
export type ReportOperation = 'recordState' | 'recordFailure';

/**
 * Everything that is spooled. A lease that was held through an absence is given up in its turn: earlier, the
 * tracker would refuse what was reported under it; later, it would be in the way of what was reported after it.
 */
export type SpooledOperation = ReportOperation | 'releaseLease';

const operations: readonly unknown[] = [
  'recordState',
  'recordFailure',
  'releaseLease',
] satisfies SpooledOperation[];

/** What a file of the spool holds. */
export interface SpooledFile {
  /** Of this format. */
  readonly version: 1;
  /** What is reported. */
  readonly operation: SpooledOperation;
  /** The build, as it was named. */
  readonly build: string;
  /** The report, with its `eventId`. */
  readonly body: Readonly<Record<string, unknown>> & { readonly eventId: string };
  /** When it was written: ISO 8601, UTC. */
  readonly spooledAt: string;
}

/** A report that was refused, with the reason. */
export interface RejectedFile extends SpooledFile {
  /** The error's code. */
  readonly code: string;
  /** The error's sentence. */
  readonly reason: string;
  /** When: ISO 8601, UTC. */
  readonly rejectedAt: string;
}

/** Reads a file's text; `undefined` when it is not one of ours, cut or edited. */
export function parseSpooled(text: string): SpooledFile | undefined {
  let value: Partial<SpooledFile> | null;
  try {
    value = JSON.parse(text);
  } catch {
    // A whole file is always JSON, since files appear whole: somebody else wrote this one.
    return undefined;
  }
  const known = operations.includes(value?.operation);
  const whole =
    value?.version === 1 && typeof value.build === 'string' && typeof value.body?.eventId === 'string';
  return known && whole ? (value as SpooledFile) : undefined;
}

/** What is shown of a waiting report. */
export function describeSpooled({ build, operation, body, spooledAt }: SpooledFile): SpooledReport {
  const state = body.state ?? body.stateCode ?? body.stateName;
  return {
    build,
    operation,
    eventId: body.eventId,
    ...((typeof state === 'number' || typeof state === 'string') && { state }),
    ...(typeof body.status === 'string' && { status: body.status }),
    spooledAt,
  };
}

/** What is shown of a refused report. */
export function describeRejected(file: RejectedFile): RejectedReport {
  const { code, reason, rejectedAt } = file;
  return { ...describeSpooled(file), code, reason, rejectedAt };
}
