import { expect, it } from 'vitest';
import { type BackendBench, bytes } from '../bench.ts';

/** What `probe` and the description promise. */
export function probeCases({ backend, keys, traits }: BackendBench): void {
  it('finds a good place readable and writable, and tells whether conditions hold', async () => {
    const { readable, writable, conditionalPut, problem } = await backend().probe();
    expect({ readable, writable, conditionalPut, problem }).toEqual({
      readable: true,
      writable: true,
      conditionalPut: traits.conditionalPut,
      problem: undefined,
    });
  });

  it('leaves nothing behind', async () => {
    await backend().put('key', bytes('x'));
    await backend().probe();
    expect(await keys()).toEqual(['key']);
  });

  it('tells the free space, if any, as a number of bytes', async () => {
    const { freeBytes = 1 } = await backend().probe();
    expect(freeBytes).toBeGreaterThan(0);
  });

  it('has an address without credentials or parameters', () => {
    expect(backend().uri).toMatch(/^[a-z0-9+-]+:/);
    expect(backend().uri).not.toMatch(/[@?#]/);
  });

  it('declares limits that an upload can work with', () => {
    const { minPartBytes, maxParts, maxPartBytes, maxPutBytes, ...flags } = backend().capabilities;
    for (const limit of [minPartBytes, maxParts, maxPartBytes, maxPutBytes]) expect(limit).toBeGreaterThan(0);
    expect(maxPartBytes).toBeGreaterThanOrEqual(minPartBytes);
    expect(flags.resumableUploads).toBe(traits.resumableUploads ?? false);
    expect(flags.equalParts).toBe(traits.equalParts ?? false);
  });
}
