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

test('a full disk or quota is one, in words and with the name of the stream', async () => {
  const words = { message: 'standard output: no space left', kind: 'no_space' };
  await expect(writeText(failing('ENOSPC'), 'text')).rejects.toMatchObject(words);
  await expect(writeText(failing('EDQUOT'), 'text')).rejects.toMatchObject(words);
  await expect(writeText(failing('ENOSPC'), 'text', 'standard error')).rejects.toThrow(
    'standard error: no space left',
  );
  await expect(writeText(failing('EIO'), 'text')).rejects.toThrow('EIO');
});
