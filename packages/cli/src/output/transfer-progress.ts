import type { TransferProgress } from '@buildstate/client';
import type { Session } from '../session/session.ts';
import { byteSize, progressBar, shortDuration } from './amounts.ts';
import { isColourful } from './style.ts';
import { writeText } from './write-text.ts';

/** How progress is shown: a moving line, a line now and then, or records for machines. */
export const progressForms = ['auto', 'json', 'none'] as const;
/** How progress is shown. */
export type ProgressForm = (typeof progressForms)[number];

/** Shows how far a transfer is, on standard error. */
export interface TransferMeter {
  /** Told by the transfer. */
  readonly onProgress: (progress: TransferProgress) => void;
  /** Clears the moving line and waits until everything is written. */
  finish(): Promise<void>;
}

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

/** One record of a JSON text sequence (RFC 7464): a record separator, the text, a line feed. */
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
  return `\u001e${JSON.stringify(record)}\n`;
}

/** How one form of progress is drawn. */
interface Drawing {
  /** Milliseconds between two of them. */
  readonly pause: number;
  readonly draw: (what: string, progress: TransferProgress) => string;
  /** Clears what was drawn. */
  readonly clear: string;
}

const clearLine = '\r\u001b[2K';
const movingLine: Drawing = { pause: 100, draw: (...of) => clearLine + words(...of), clear: clearLine };
const lines: Drawing = { pause: 10_000, draw: (...of) => `${words(...of)}\n`, clear: '' };
const records: Drawing = { pause: 1000, draw: jsonRecord, clear: '' };

/**
 * Makes a meter for one transfer.
 *
 * @param what a word for it, such as `Uploading`
 */
export function transferMeter(what: string, form: ProgressForm, session: Session): TransferMeter {
  const { stderr, env, now } = session;
  if (form === 'none') return { onProgress: () => undefined, finish: async () => undefined };
  const drawing = form === 'json' ? records : isColourful(stderr, env) ? movingLine : lines;
  // A transfer that is over before the first line is due needs none; machines get a record in any case.
  let due = form === 'json' ? 0 : now() + drawing.pause;
  let drawn = false;
  let writing: Promise<void> = Promise.resolve();
  const write = (text: string) => {
    writing = writing.then(() => writeText(stderr, text));
  };
  return {
    onProgress(progress) {
      const finished = form === 'json' && progress.transferredBytes === progress.totalBytes;
      if (now() < due && !finished) return;
      due = now() + drawing.pause;
      drawn = true;
      write(drawing.draw(what, progress));
    },
    async finish() {
      if (drawn && drawing.clear !== '') write(drawing.clear);
      await writing;
    },
  };
}
