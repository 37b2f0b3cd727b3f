import { createHash } from 'node:crypto';
import type { StateStore } from '@buildstate/core';
import { IntegrityError } from '@buildstate/core/light';
import type { OnProgress } from './progress.ts';
import { placeOf, type RecordPlace, recordAt } from './put-record.ts';
import { type PutSummary, putRecords } from './put-records.ts';
import { counting, noRecords, type RecordCounts } from './record.ts';
import { storeRecords } from './store-records.ts';
import { comparableText } from './wire-form.ts';

/** What came of a copy. */
export interface CopySummary extends PutSummary {
  /** What was found in both stores at the end, as it was read from the first one. */
  readonly verified: RecordCounts;
  /** SHA-256 of the texts of those, the same in both, hexadecimal. */
  readonly sha256: string;
}

/**
 * Copies everything from one store to another, and then reads it all back from the other one: counts and digest must be
 * the same. The first store is only read. What is in the second one already is left as it is, so that a copy that was
 * interrupted is done again and goes on.
 * @throws IntegrityError when what was written is not what is read
 */
export async function copyStore(
  from: StateStore,
  to: StateStore,
  onProgress: OnProgress = () => undefined,
): Promise<CopySummary> {
  const given = createHash('sha256');
  const places: RecordPlace[] = [];
  let counts = noRecords;
  let records = 0;
  const told = () => {
    records += 1;
    onProgress({ records });
  };
  const summary = await putRecords(to, storeRecords(from), (record, outcome) => {
    if (outcome.put !== 'conflict') {
      given.update(comparableText(record)).update('\n');
      places.push(placeOf(record));
      counts = counting(counts, record);
    }
    told();
  });
  const found = createHash('sha256');
  let verified = noRecords;
  for (const place of places) {
    const record = await recordAt(to, place);
    if (record === undefined) throw new IntegrityError(`${to.uri} has lost ${place.type} ${place.name}.`);
    found.update(comparableText(record)).update('\n');
    verified = counting(verified, record);
  }
  const sha256 = given.digest('hex');
  if (found.digest('hex') === sha256) return { ...summary, verified, sha256 };
  throw new IntegrityError(
    `What was copied to ${to.uri} is not what is there now: it was changed meanwhile, or the store is damaged. ` +
      'Look with `bldst store verify`, and copy into an empty store while nobody writes.',
    { context: { expected: counts, found: verified } },
  );
}
