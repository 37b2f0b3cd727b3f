import type { ReportAnswer, StateReport } from '../../api/builds.ts';
import type { ReportOutcome } from '../../spool/report.ts';
import type { Surroundings } from '../surroundings.ts';
import type { BuildHandle } from './build-handle.ts';

/** Tells what became of a report that could not be delivered. */
export function noteOutcome(
  { notes }: Pick<Surroundings, 'notes'>,
  outcome: ReportOutcome<ReportAnswer>,
): ReportAnswer | undefined {
  if (outcome.delivered) {
    for (const warning of outcome.answer.warnings) notes.warn(warning);
    return outcome.answer;
  }
  notes.warn(
    `The tracker is away (${outcome.reason.message}). The report is kept on this machine and delivered later; ` +
      `${outcome.waiting} ${outcome.waiting === 1 ? 'report waits' : 'reports wait'}.`,
  );
  return undefined;
}

/**
 * Reports about a build under its lease. While the tracker is away the report is kept on disk, unless `strict`.
 * @returns the answer, or `undefined` when there is none yet
 * @throws LeaseLostError, IllegalTransitionError and the other refusals of a report; with `strict` also
 *   UnreachableError
 */
export async function report(
  around: Surroundings,
  build: BuildHandle,
  content: StateReport,
): Promise<ReportAnswer | undefined> {
  const leaseToken = build.lease?.token;
  const outcome = await around.client.report(
    build.id,
    { ...content, ...(leaseToken !== undefined && { leaseToken }) },
    { spool: !around.strict },
  );
  return noteOutcome(around, outcome);
}
