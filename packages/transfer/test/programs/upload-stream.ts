/**
 * Uploads a stream of zeros to a store that keeps nothing, and prints what that took.
 * Arguments: bytes in all, bytes per chunk.
 */
import { createHash } from 'node:crypto';
import type { ArtifactBackend } from '@buildstate/core';
import { uploadFile } from '../../src/index.ts';
import { fakeBackend } from '../fake-backend.ts';
import { crypto } from '../tools.ts';

const [total = 0, chunkBytes = 1] = process.argv.slice(2).map(Number);

async function* zeros(): AsyncGenerator<Uint8Array> {
  for (let left = total; left > 0; left -= chunkBytes) yield new Uint8Array(Math.min(left, chunkBytes));
}

/** Hashes parts in their order and forgets them; a slow store, so that parts pile up if anything lets them. */
function discarding(): ArtifactBackend & { readonly digest: () => string } {
  const hash = createHash('sha256');
  let next = 1;
  let size = 0;
  return {
    ...fakeBackend(),
    async uploadPart(_, { number, bytes }) {
      while (number !== next) await new Promise((resolve) => setTimeout(resolve, 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      hash.update(bytes);
      size += bytes.length;
      next += 1;
      return { number, size: bytes.length, tag: '' };
    },
    completeUpload: async ({ key }) => ({ key, size, version: '' }),
    digest: () => hash.digest('hex'),
  };
}

let ticks = 0;
const timer = setInterval(() => {
  ticks += 1;
}, 5);
const backend = discarding();
const { sha256, sizeBytes } = await uploadFile({ backend, key: 'key', source: { stream: zeros() }, crypto });
clearInterval(timer);
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ sha256, sizeBytes, ticks, peakBytes, stored: backend.digest() }));
