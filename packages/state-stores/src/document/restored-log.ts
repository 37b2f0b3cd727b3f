import type { WholeBuild } from '@buildstate/core';
import { byteLength } from './limits.ts';
import type { EntryRows, RowKind } from './log-entry.ts';

/** Rows that go into one entry of a log, and the chain's last event by then. */
export interface RowBatch {
  readonly rows: EntryRows;
  readonly lastSeq: number;
}

/** Cuts rows of one kind into runs whose JSON has at most so many bytes; a larger row is a run of its own. */
function* runs<T>(rows: readonly T[], bytes: number): Generator<readonly T[]> {
  let run: T[] = [];
  let size = 0;
  for (const row of rows) {
    const length = byteLength(JSON.stringify(row)) + 1;
    if (run.length > 0 && size + length > bytes) {
      yield run;
      run = [];
      size = 0;
    }
    run.push(row);
    size += length;
  }
  if (run.length > 0) yield run;
}

/**
 * What a log must hold so that a build comes out of it again as it is: rows in runs small enough to be read one at a
 * time, each answered report by itself, so that its answer is found at once.
 * @param bytes most bytes of JSON in a batch
 */
export function* batchesOf(whole: WholeBuild, bytes: number): Generator<RowBatch> {
  const kinds: readonly Exclude<RowKind, 'events' | 'variables'>[] = [
    'attempts',
    'artifacts',
    'resumeRequests',
    'jobs',
  ];
  for (const kind of kinds) {
    for (const rows of runs<unknown>(whole[kind], bytes)) yield { rows: { [kind]: rows }, lastSeq: 0 };
  }
  // The last row of a variable is the one that counts.
  for (const variables of runs([...whole.variableHistory, ...whole.variables], bytes))
    yield { rows: { variables }, lastSeq: 0 };
  for (const report of whole.reports) yield { rows: { report }, lastSeq: 0 };
  let lastSeq = 0;
  for (const events of runs(whole.events, bytes)) {
    lastSeq = events.at(-1)?.seq ?? lastSeq;
    yield { rows: { events }, lastSeq };
  }
}
