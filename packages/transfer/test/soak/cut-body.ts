import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IntegrityError, StorageError } from '@buildstate/core/light';
import { downloadFile } from '../../src/index.ts';
import { fakeBackend } from '../fake-backend.ts';
import { sha256 } from '../tools.ts';

/** Size of the body that is cut, in bytes. */
export const bodyBytes = 65_536;

/** How a body ends at its cut, and what a download makes of that. */
export const endings = {
  quietly: { error: undefined, kind: IntegrityError },
  broken: {
    error: new StorageError('The connection broke.', { persistence: 'transient' }),
    kind: StorageError,
  },
} as const;

/**
 * Downloads a body that is cut after each of these numbers of bytes. Answers what was wrong, in words: a download that
 * succeeded or failed otherwise than it should, or left a file.
 */
export async function cutBody(
  folder: string,
  ending: (typeof endings)[keyof typeof endings],
  lengths: Iterable<number>,
): Promise<readonly string[]> {
  const bytes = randomBytes(bodyBytes);
  const state = { length: 0 };
  const backend = fakeBackend({
    async *body(range) {
      yield range.subarray(0, state.length);
      if (ending.error !== undefined) throw ending.error;
    },
  });
  await backend.put('key', bytes);
  const expected = { sha256: sha256(bytes), sizeBytes: bodyBytes };
  const target = join(folder, 'image.raw');
  const wrong: string[] = [];
  for (const length of lengths) {
    state.length = length;
    const outcome: unknown = await downloadFile({ backend, key: 'key', target, expected }).catch(
      (error: unknown) => error,
    );
    if (!(outcome instanceof ending.kind)) wrong.push(`cut after ${length}: ${String(outcome)}`);
  }
  const left = readdirSync(folder);
  return left.length === 0 ? wrong : [...wrong, `left behind: ${left.join(', ')}`];
}
