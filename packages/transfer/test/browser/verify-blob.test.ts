import { randomBytes } from 'node:crypto';
import { IntegrityError } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { anySha256, type BlobLike, verifyBlob, wasmSha256 } from '../../src/browser/index.ts';
import { mebibyte, sha256 } from '../tools.ts';

const bytes = randomBytes(3 * mebibyte + 5);
const file = new File([bytes], 'disk.qcow2');
const expected = { sha256: sha256(bytes), sizeBytes: bytes.length };

describe('a SHA-256 in WebAssembly', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 1000, 65_536])('of %i bytes is that of node:crypto', async (length) => {
    const wasm = await wasmSha256();
    wasm.update(bytes.subarray(0, length));
    expect(wasm.hex()).toBe(sha256(bytes.subarray(0, length)));
  });

  it('does not depend on how the bytes come', async () => {
    for (const chunk of [1, 63, 4096]) {
      const wasm = await wasmSha256();
      const part = bytes.subarray(0, 10_000);
      for (let at = 0; at < part.length; at += chunk) wasm.update(part.subarray(at, at + chunk));
      expect(wasm.hex()).toBe(sha256(part));
    }
  });

  it('tells the digest of what went by so far, and goes on', async () => {
    for (const hash of [await wasmSha256(), await anySha256()]) {
      hash.update(bytes.subarray(0, 1000));
      expect(hash.soFar()).toBe(sha256(bytes.subarray(0, 1000)));
      hash.update(bytes.subarray(1000));
      expect([hash.soFar(), hash.hex()]).toEqual([expected.sha256, expected.sha256]);
    }
  });

  it('is chosen where node:crypto is missing, and gives the same', async () => {
    for (const runtime of [
      undefined,
      {},
      { process: {} },
      { process: { getBuiltinModule: () => undefined } },
    ]) {
      const hash = await anySha256(runtime);
      hash.update(bytes);
      expect(hash.hex()).toBe(expected.sha256);
    }
  });
});

describe('a file on a page', () => {
  it('is verified, with progress', async () => {
    const seen: number[] = [];
    const onProgress = ({ transferredBytes }: { transferredBytes: number }) =>
      void seen.push(transferredBytes);
    expect(await verifyBlob(file, { expected, onProgress })).toEqual(expected);
    expect(seen.at(-1)).toBe(bytes.length);
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
  });

  it('is refused when a bit is flipped, and named', async () => {
    const changed = Buffer.from(bytes);
    changed[1_000_000] = (changed[1_000_000] ?? 0) ^ 1;
    const verifying = verifyBlob(new File([changed], 'disk.qcow2'), { expected });
    await expect(verifying).rejects.toThrow(IntegrityError);
    await expect(verifying).rejects.toThrow(/disk\.qcow2/);
  });

  it('is refused by its size before a byte is read', async () => {
    const blob: BlobLike = {
      size: 5,
      stream: () => {
        throw new Error('must not be read');
      },
    };
    await expect(verifyBlob(blob, { expected })).rejects.toThrow(IntegrityError);
  });

  it('is refused when less of it can be read than it has', async () => {
    const blob = { size: bytes.length, stream: () => new Blob([bytes.subarray(1)]).stream() };
    await expect(verifyBlob(blob, { expected: {} })).rejects.toThrow(/could be read/);
  });

  it('is given up with the reason of the signal', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    await expect(verifyBlob(file, { expected, onProgress, signal: stop.signal })).rejects.toThrow('enough');
  });
});
