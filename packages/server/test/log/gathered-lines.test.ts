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
  lines.flush();
  lines.flush();
  expect(written.join('')).toBe(line.repeat(100));
});
