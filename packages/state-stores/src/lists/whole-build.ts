import type { BuildEvent, BuildHead, RememberedReport, Variable, WholeBuild } from '@buildstate/core';
import { compareText, sorted } from '@buildstate/core/light';
import type { BuildRows } from './needs.ts';
import { artifactOrder, attemptOrder, eventOrder, jobOrder, requestOrder, variableOrder } from './orders.ts';

/** What a store keeps of a build besides the rows that lists show. */
export interface WholeRows extends BuildRows {
  /** Rows of variables that were replaced; those of one variable from the oldest to the newest. */
  readonly variableHistory: Iterable<Variable>;
  /** The chain of events. */
  readonly events: Iterable<BuildEvent>;
  /** Answers to reports. */
  readonly reports: Iterable<RememberedReport>;
}

/** A build in the one form that it has in every store, whatever order its rows come in. */
export function wholeBuildOf(head: BuildHead, rows: WholeRows): WholeBuild {
  return {
    head,
    attempts: sorted(rows.attempts, attemptOrder),
    artifacts: sorted(rows.artifacts, artifactOrder),
    variables: sorted(rows.variables, variableOrder),
    // Sorting is stable: rows of one variable stay in the order in which they were replaced.
    variableHistory: [...rows.variableHistory].sort((a, b) => compareText(a.id, b.id)),
    resumeRequests: sorted(rows.resumeRequests, requestOrder),
    jobs: sorted(rows.jobs, jobOrder),
    events: sorted(rows.events, eventOrder),
    reports: [...rows.reports].sort((a, b) => compareText(a.eventId, b.eventId)),
  };
}
