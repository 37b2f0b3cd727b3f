import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GatheredLines } from '../../src/log/gathered-lines.ts';

const written: string[] = [];
let lines: GatheredLines;
beforeEach(() => {
  vi.useFakeTimers();
  written.length = 0;
  lines = new GatheredLines({ write: (text) => written.push(text) });
});
afterEach(() => {
  vi.useRealTimers();
});

it('lines are written together and in order, after a tenth of a second at the latest', () => {
  lines.write('a\n');
  vi.advanceTimersByTime(99);
  lines.write('b\n');
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(written).toEqual(['a\nb\n']);
  lines.write('c\n');
  vi.advanceTimersByTime(100);
  expect(written).toEqual(['a\nb\n', 'c\n']);
});

it('many lines are written at once', () => {
  const line = `${'x'.repeat(999)}\n`;
  for (let count = 0; count < 100; count++) lines.write(line);
  expect(written.join('').length).toBeGreaterThan(60_000);
  lines.passOn();
  lines.passOn();
  expect(written.join('')).toBe(line.repeat(100));
});

it('says when everything is written, so that a server can wait for it before it ends', async () => {
  const order: string[] = [];
  const slow = new GatheredLines({
    write: (text) => order.push(text),
    flush(done) {
      order.push('flushed');
      queueMicrotask(done);
    },
  });
  slow.write('a\n');
  await new Promise((resolve) => slow.flush(resolve));
  expect(order).toEqual(['a\n', 'flushed']);
  lines.write('b\n');
  await new Promise((resolve) => lines.flush(resolve));
  expect(written).toContain('b\n');
});
