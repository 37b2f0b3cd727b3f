import { expect, test } from 'vitest';
import { writeText } from '../../src/output/write-text.ts';

const failing = (code: string) => ({
  write(_: string, done: (error?: Error | null) => void) {
    done(Object.assign(new Error(code), { code }));
    return false;
  },
});

test('a reader that went away is no error', async () => {
  await writeText(failing('EPIPE'), 'text');
  await writeText(failing('ERR_STREAM_DESTROYED'), 'text');
});

test('a full disk is one', async () => {
  await expect(writeText(failing('ENOSPC'), 'text')).rejects.toThrow('ENOSPC');
});
