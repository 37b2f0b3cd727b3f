import { describe, expect, it } from 'vitest';
import { SpareBuffers } from '../../src/transfer/spare-buffers.ts';

describe('SpareBuffers', () => {
  it('hands a buffer out again, to one user at a time', () => {
    const spare = new SpareBuffers(100);
    const first = spare.take(10);
    spare.give(first);
    const second = spare.take(8);
    expect(second).toBe(first);
    expect(spare.take(8)).not.toBe(first);
  });

  it('hands out none that is too small or far too large', () => {
    const spare = new SpareBuffers(1000);
    spare.give(Buffer.alloc(10));
    expect(spare.take(11).length).toBeGreaterThanOrEqual(11);
    expect(spare.take(4).length).toBe(4);
  });

  it('keeps no more than it may, and forgets the oldest', () => {
    const spare = new SpareBuffers(25);
    const [a, b, c] = [Buffer.alloc(10), Buffer.alloc(10), Buffer.alloc(10)];
    for (const buffer of [a, b, c]) spare.give(buffer);
    expect([spare.take(10), spare.take(10)]).toEqual([b, c]);
    expect(spare.take(10)).not.toBe(a);
    spare.give(Buffer.alloc(26));
    expect(spare.take(26).length).toBe(26);
  });
});
