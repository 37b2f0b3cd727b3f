import { expect, test } from 'vitest';
import type { ProgressForm } from '../../src/output/progress-meter.ts';
import { transferMeter } from '../../src/output/transfer-progress.ts';
import type { Session } from '../../src/session/session.ts';
import { TextStream } from '../support/text-stream.ts';

const mebibyte = 1024 * 1024;

/** Runs a transfer of 100 MiB, ten a second, and gives what was written. */
async function transfer(form: ProgressForm, terminal: boolean, env: Record<string, string> = {}) {
  const stderr = new TextStream(terminal);
  let time = 0;
  const meter = transferMeter('Uploading', form, { stderr, env, now: () => time } as unknown as Session);
  for (let second = 1; second <= 10; second++) {
    time = second * 1000 + 500;
    meter.onProgress({
      transferredBytes: second * 10 * mebibyte,
      totalBytes: 100 * mebibyte,
      elapsedMs: second * 1000,
    });
  }
  await meter.finish();
  return stderr.text;
}

test('a terminal gets a moving line with rate and time left, cleared at the end', async () => {
  const text = await transfer('auto', true);
  expect(text).toContain('[##########----------] 50% 50 MiB of 100 MiB, 10 MiB/s, 5s left');
  expect(text.endsWith('\r\u001b[2K')).toBe(true);
  expect(text).not.toContain('\n');
});

test('elsewhere there is a line every ten seconds', async () => {
  const text = await transfer('auto', false);
  expect(text).toBe('Uploading [####################] 100% 100 MiB of 100 MiB, 10 MiB/s, 0s left\n');
  expect(await transfer('auto', true, { CI: 'true' })).toBe(text);
});

test('machines get records of a JSON text sequence', async () => {
  const records = (await transfer('json', false)).split('\u001e').slice(1);
  expect(records).toHaveLength(10);
  expect(JSON.parse(records[4] ?? '')).toEqual({
    event: 'uploading',
    transferred_bytes: 50 * mebibyte,
    total_bytes: 100 * mebibyte,
    elapsed_ms: 5000,
    bytes_per_second: 10 * mebibyte,
    seconds_left: 5,
  });
});

test('nothing is shown when nothing is wanted', async () => {
  expect(await transfer('none', true)).toBe('');
});
