import type { TransferProgress } from '@buildstate/client';
import type { Session } from '../session/session.ts';
import { byteSize, progressBar, shortDuration } from './amounts.ts';
import { jsonSequence, type ProgressForm, type ProgressMeter, progressMeter } from './progress-meter.ts';

/** Shows how far a transfer is, on standard error. */
export type TransferMeter = ProgressMeter<TransferProgress>;

interface Rate {
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | undefined;
}

function rateOf({ transferredBytes, totalBytes, elapsedMs }: TransferProgress): Rate {
  const bytesPerSecond = elapsedMs <= 0 ? 0 : (transferredBytes / elapsedMs) * 1000;
  const left = totalBytes === undefined || bytesPerSecond === 0 ? undefined : totalBytes - transferredBytes;
  return { bytesPerSecond, secondsLeft: left === undefined ? undefined : left / bytesPerSecond };
}

function words(what: string, progress: TransferProgress): string {
  const { transferredBytes, totalBytes } = progress;
  const { bytesPerSecond, secondsLeft } = rateOf(progress);
  const left = secondsLeft === undefined ? '' : `, ${shortDuration(secondsLeft)} left`;
  const share = totalBytes ? Math.floor((transferredBytes / totalBytes) * 100) : undefined;
  const of = totalBytes === undefined ? '' : ` of ${byteSize(totalBytes)}`;
  const bar = share === undefined ? '' : `${progressBar(share)} ${share}% `;
  return `${what} ${bar}${byteSize(transferredBytes)}${of}, ${byteSize(bytesPerSecond)}/s${left}`;
}

function jsonRecord(what: string, progress: TransferProgress): string {
  const { bytesPerSecond, secondsLeft } = rateOf(progress);
  const record = {
    event: what.toLowerCase(),
    transferred_bytes: progress.transferredBytes,
    total_bytes: progress.totalBytes ?? null,
    elapsed_ms: Math.round(progress.elapsedMs),
    bytes_per_second: Math.round(bytesPerSecond),
    seconds_left: secondsLeft === undefined ? null : Math.round(secondsLeft),
  };
  return jsonSequence(record);
}

/**
 * Makes a meter for one transfer.
 *
 * @param what a word for it, such as `Uploading`
 */
export function transferMeter(what: string, form: ProgressForm, session: Session): TransferMeter {
  return progressMeter(form, session, {
    words: (progress) => words(what, progress),
    record: (progress) => jsonRecord(what, progress),
    isLast: ({ transferredBytes, totalBytes }) => transferredBytes === totalBytes,
  });
}
