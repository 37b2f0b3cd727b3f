import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { mebibyte } from '../tools.ts';

const program = fileURLToPath(new URL('../programs/upload-stream.ts', import.meta.url));

async function upload(totalBytes: number, chunkBytes: number) {
  const args = ['--conditions=@buildstate/source', program, String(totalBytes), String(chunkBytes)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as {
    sha256: string;
    sizeBytes: number;
    ticks: number;
    peakBytes: number;
    stored: string;
  };
}

function zeros(totalBytes: number): string {
  const hash = createHash('sha256');
  const slice = new Uint8Array(mebibyte);
  for (let left = totalBytes; left > 0; left -= mebibyte) hash.update(slice.subarray(0, left));
  return hash.digest('hex');
}

it('uploading a file takes less than 200 MiB of memory', { timeout: 120_000 }, async () => {
  const total = 1024 * mebibyte;
  const path = fileURLToPath(new URL('../programs/upload-file.ts', import.meta.url));
  const args = ['--conditions=@buildstate/source', path, String(total), temporaryFolder()];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { sha256, sizeBytes, peakBytes } = JSON.parse(stdout) as Record<string, unknown>;
  expect({ sha256, sizeBytes }).toEqual({ sha256: zeros(total), sizeBytes: total });
  expect(peakBytes).toBeLessThan(200 * mebibyte);
});

describe('uploading a stream takes less than 200 MiB of memory, and lets other work go on', () => {
  it.each([
    ['64 MiB in chunks of 64 bytes', 64 * mebibyte, 64],
    ['512 MiB in chunks of 64 KiB', 512 * mebibyte, 65_536],
    ['512 MiB in chunks of 32 MiB', 512 * mebibyte, 32 * mebibyte],
  ])('%s', { timeout: 60_000 }, async (_, totalBytes, chunkBytes) => {
    const { sha256, sizeBytes, ticks, peakBytes, stored } = await upload(totalBytes, chunkBytes);
    expect({ sha256, sizeBytes, stored }).toEqual({
      sha256: zeros(totalBytes),
      sizeBytes: totalBytes,
      stored: zeros(totalBytes),
    });
    expect(peakBytes).toBeLessThan(200 * mebibyte);
    // A timer of 5 ms, against transfers of half a second and more.
    expect(ticks).toBeGreaterThan(10);
  });
});
