/**
 * Uploads a sparse file, which a thread reads and hashes, to a store that keeps nothing, and prints what that took.
 * Arguments: bytes in all, a folder for the file.
 */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactBackend } from '@buildstate/core';
import { uploadFile, withUploadJournal } from '../../src/index.ts';
import { fakeBackend } from '../fake-backend.ts';

const [total = '0', folder = ''] = process.argv.slice(2);
const home = mkdtempSync(join(folder, 'buildstate-sparse-'));
const path = join(home, 'image.raw');
writeFileSync(path, '');
truncateSync(path, Number(total));

/** Takes parts and forgets them; slow enough for parts to pile up if anything lets them. */
function discarding(): ArtifactBackend {
  let size = 0;
  return {
    ...fakeBackend(),
    async uploadPart(_, { number, bytes }) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      size += bytes.length;
      return { number, size: bytes.length, tag: `${number}` };
    },
    completeUpload: async ({ key }) => ({ key, size, version: '' }),
  };
}

const memory: number[] = [];
const timer = setInterval(() => memory.push(process.memoryUsage.rss()), 100);
try {
  const names = [path];
  const result = await withUploadJournal({ folder: join(home, 'journals'), names }, (journal) =>
    uploadFile({ backend: discarding(), key: 'key', source: { path }, journal }),
  );
  const { sha256, sizeBytes } = result;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const halves = [memory.slice(0, memory.length >> 1), memory.slice(memory.length >> 1)];
  const highestOfHalves = halves.map((values) => Math.max(0, ...values));
  process.stdout.write(JSON.stringify({ sha256, sizeBytes, peakBytes, highestOfHalves }));
} finally {
  clearInterval(timer);
  rmSync(home, { recursive: true });
}
