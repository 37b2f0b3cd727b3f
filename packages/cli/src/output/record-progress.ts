import type { Session } from '../session/session.ts';
import { progressBar } from './amounts.ts';
import { jsonSequence, type ProgressForm, type ProgressMeter, progressMeter } from './progress-meter.ts';

/** How far work on the records of a store is. */
export interface RecordProgress {
  /** Records done. */
  readonly records: number;
  /** Bytes done, where a file is read. */
  readonly bytes?: number | undefined;
  /** Bytes in all, where that is known. */
  readonly totalBytes?: number | undefined;
}

function percentOf({ bytes = 0, totalBytes }: RecordProgress): number | undefined {
  return totalBytes ? Math.min(100, Math.floor((bytes / totalBytes) * 100)) : undefined;
}

/**
 * Makes a meter for work on the records of a store.
 *
 * @param what a word for it, such as `Importing`
 */
export function recordMeter(
  what: string,
  form: ProgressForm,
  session: Session,
): ProgressMeter<RecordProgress> {
  return progressMeter(form, session, {
    words(progress) {
      const percent = percentOf(progress);
      const bar = percent === undefined ? '' : `${progressBar(percent)} ${percent}%, `;
      return `${what} ${bar}${progress.records} records`;
    },
    record: (progress) =>
      jsonSequence({
        event: what.toLowerCase(),
        records: progress.records,
        percent: percentOf(progress) ?? null,
      }),
    isLast: (progress) => percentOf(progress) === 100,
  });
}
