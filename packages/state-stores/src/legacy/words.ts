/** What a word of another program means for a state. */
export type Meaning = 'start' | 'complete' | 'fail' | 'skip' | 'cancel';

const words: Readonly<Record<Meaning, readonly string[]>> = {
  start: [
    'in_progress',
    'started',
    'running',
    'pending',
    'building',
    'active',
    'queued',
    'initialized',
    'created',
  ],
  complete: [
    'completed',
    'complete',
    'success',
    'succeeded',
    'successful',
    'done',
    'passed',
    'ok',
    'finished',
  ],
  fail: ['failed', 'failure', 'error', 'errored', 'timeout', 'timed_out'],
  skip: ['skipped', 'skip'],
  cancel: ['cancelled', 'canceled', 'aborted', 'abandoned', 'stopped'],
};

const meanings = new Map(
  (Object.keys(words) as Meaning[]).flatMap((meaning) =>
    words[meaning].map((word) => [word, meaning] as const),
  ),
);

/** What a status means; `undefined` for a word that is not known. Case, blanks and hyphens do not matter. */
export function meaningOf(status: string): Meaning | undefined {
  return meanings.get(
    status
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  );
}

/** Every word that is understood, for messages. */
export const knownWords: readonly string[] = [...meanings.keys()];
