import type { OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions } from './call.ts';
import type { Operations } from './operations.ts';

/** What became of each report of a batch. */
export type BatchOutcome = OperationAnswer<'recordStates'>;

/** How a batch is recorded. */
export interface BatchOptions extends CallOptions {
  /** Whether nothing after a refused report is tried. @default false */
  readonly stopOnError?: boolean;
}

/** Reports in one request: few enough to be recorded well within the time that a request may take. */
const mostTogether = 100;

const wentWrong = ({ refused, notTried }: BatchOutcome, stopOnError: boolean) =>
  notTried > 0 || (stopOnError && refused > 0);

/** Records a list of transitions in as many requests as it takes; the results are those of one. */
export async function recordInParts(
  { call }: Operations,
  buildId: string,
  reports: readonly BodyOf<'recordState'>[],
  { stopOnError = false, ...options }: BatchOptions = {},
): Promise<BatchOutcome> {
  const query = { stopOnError: `${stopOnError}` };
  let outcome: BatchOutcome = { results: [], recorded: 0, refused: 0, notTried: reports.length };
  do {
    const start = outcome.results.length;
    const body = reports.slice(start, start + mostTogether);
    const part = await call('recordStates', { params: { buildId }, query, body }, options);
    outcome = {
      results: [...outcome.results, ...part.results.map((one) => ({ ...one, index: one.index + start }))],
      recorded: outcome.recorded + part.recorded,
      refused: outcome.refused + part.refused,
      notTried: reports.length - start - part.results.length,
    };
    if (wentWrong(part, stopOnError)) break;
  } while (outcome.notTried > 0);
  return outcome;
}
