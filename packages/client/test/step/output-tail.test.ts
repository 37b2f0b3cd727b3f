import { describe, expect, it } from 'vitest';
import { OutputTail } from '../../src/step/output/output-tail.ts';

describe('the tail of an output', () => {
  it('keeps the last lines', () => {
    const tail = new OutputTail({ lines: 2 });
    tail.push(Buffer.from('one\ntwo\n'));
    tail.push(Buffer.from('three\n'));
    expect(tail.text()).toBe('two\nthree');
  });

  it('shows what a terminal would: no colours, the last state of a redrawn line, no control characters', () => {
    const tail = new OutputTail();
    tail.push(Buffer.from('\u001b[31mred\u001b[0m\r\n10 %\r50 %\r100 %\nbell\u0007\u0000\n\n'));
    expect(tail.text()).toBe('red\n100 %\nbell');
  });

  it('keeps at most so many bytes, cut at a character', () => {
    const tail = new OutputTail({ bytes: 8 });
    tail.push(Buffer.from('äöüäöü!'));
    expect(tail.text()).toBe('äöü!');
    expect(Buffer.byteLength(tail.text())).toBeLessThanOrEqual(8);
  });

  it('stays small however much is written', () => {
    const tail = new OutputTail();
    const line = Buffer.from(`${'x'.repeat(1000)}\n`);
    for (let count = 0; count < 2000; count++) tail.push(line);
    tail.push(Buffer.from('the end\n'));
    expect(tail.text().endsWith('the end')).toBe(true);
    expect(tail.text().length).toBeLessThanOrEqual(4000);
  });
});
