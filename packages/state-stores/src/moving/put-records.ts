import type { StateStore } from '@buildstate/core';
import { type PutOutcome, putRecord } from './put-record.ts';
import { counting, noRecords, type RecordCounts, type StoreRecord } from './record.ts';

/** What became of many records. */
export interface PutSummary {
  /** Those that were not there before. */
  readonly written: RecordCounts;
  /** Those that were there already, exactly as they are. */
  readonly identical: RecordCounts;
  /** What else was in the place of a record, as sentences without their full stop. Nothing of it was changed. */
  readonly conflicts: readonly string[];
}

/** Puts records into a store, one after the other. What is there is left as it is. */
export async function putRecords(
  store: StateStore,
  records: AsyncIterable<StoreRecord>,
  onRecord: (record: StoreRecord, outcome: PutOutcome) => void = () => undefined,
): Promise<PutSummary> {
  let written = noRecords;
  let identical = noRecords;
  const conflicts: string[] = [];
  const blocked = new Set<string>();
  for await (const record of records) {
    // A build cannot come in without its project, which another one keeps out.
    if (record.type === 'build' && blocked.has(record.build.head.build.projectId)) {
      const { id, project } = record.build.head.build;
      const reason = `build ${id}: it belongs to project ${project}, which was kept out`;
      conflicts.push(reason);
      onRecord(record, { put: 'conflict', reason });
      continue;
    }
    const outcome = await putRecord(store, record);
    if (outcome.put === 'written') written = counting(written, record);
    else if (outcome.put === 'identical') identical = counting(identical, record);
    else {
      conflicts.push(outcome.reason);
      if (record.type === 'project' && !(await store.loadProject({ id: record.project.id })))
        blocked.add(record.project.id);
    }
    onRecord(record, outcome);
  }
  return { written, identical, conflicts };
}
