import type { Session } from '../session/session.ts';
import { isColourful } from './style.ts';
import { writeText } from './write-text.ts';

/** How progress is shown: a moving line, a line now and then, or records for machines. */
export const progressForms = ['auto', 'json', 'none'] as const;
/** How progress is shown. */
export type ProgressForm = (typeof progressForms)[number];

/** Shows how far something is, on standard error. */
export interface ProgressMeter<T> {
  /** Told by what is going on. */
  readonly onProgress: (progress: T) => void;
  /** Clears the moving line and waits until everything is written. */
  finish(): Promise<void>;
}

/** What progress of one kind looks like. */
export interface ProgressLook<T> {
  /** A line for people, without its line feed. */
  readonly words: (progress: T) => string;
  /** A record for machines. */
  readonly record: (progress: T) => string;
  /** Whether there is no more to come, so that machines are told in any case. */
  readonly isLast: (progress: T) => boolean;
}

/** How one form of progress is drawn. */
interface Drawing<T> {
  /** Milliseconds between two of them. */
  readonly pause: number;
  readonly draw: (progress: T) => string;
  /** Clears what was drawn. */
  readonly clear: string;
}

const clearLine = '\r\u001b[2K';

/** One record of a JSON text sequence (RFC 7464): a record separator, the text, a line feed. */
export function jsonSequence(record: object): string {
  return `\u001e${JSON.stringify(record)}\n`;
}

function drawingOf<T>(form: ProgressForm, look: ProgressLook<T>, moving: boolean): Drawing<T> {
  if (form === 'json') return { pause: 1000, draw: look.record, clear: '' };
  if (!moving) return { pause: 10_000, draw: (progress) => `${look.words(progress)}\n`, clear: '' };
  return { pause: 100, draw: (progress) => clearLine + look.words(progress), clear: clearLine };
}

/** Makes a meter for one piece of work. */
export function progressMeter<T>(
  form: ProgressForm,
  { stderr, env, now }: Session,
  look: ProgressLook<T>,
): ProgressMeter<T> {
  if (form === 'none') return { onProgress: () => undefined, finish: async () => undefined };
  const drawing = drawingOf(form, look, isColourful(stderr, env));
  // Work that is over before the first line is due needs none; machines get a record in any case.
  let due = form === 'json' ? 0 : now() + drawing.pause;
  let drawn = false;
  let writing: Promise<void> = Promise.resolve();
  const write = (text: string) => {
    writing = writing.then(() => writeText(stderr, text));
  };
  return {
    onProgress(progress) {
      if (now() < due && !(form === 'json' && look.isLast(progress))) return;
      due = now() + drawing.pause;
      drawn = true;
      write(drawing.draw(progress));
    },
    async finish() {
      if (drawn && drawing.clear !== '') write(drawing.clear);
      await writing;
    },
  };
}
