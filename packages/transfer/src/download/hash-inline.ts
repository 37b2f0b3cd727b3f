import { createHash } from 'node:crypto';
import { read } from 'node:fs';
import { promisify } from 'node:util';
import { IntegrityError } from '@buildstate/core/light';
import { startSha256 } from '@buildstate/node-runtime';
import type { FileDigests, FileHash, FileHashOptions } from './file-hash.ts';

const readBytes = 1024 * 1024;
const readAt = promisify(read);

/** Waits until something has happened, and remembers when it happens while nobody waits. */
function bell() {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring(): void {
      rung = true;
      wake?.();
    },
    async heard(): Promise<void> {
      if (!rung) await new Promise<void>((resolve) => (wake = resolve));
      rung = false;
      wake = undefined;
    },
  };
}

/** Hashes in this thread: for small files, and where the caller brings the SHA-256. */
export function hashInline({ fd, sizeBytes, md5, crypto }: FileHashOptions): FileHash {
  const sha = crypto?.sha256() ?? startSha256();
  const md = md5 ? createHash('md5') : undefined;
  const buffer = Buffer.allocUnsafeSlow(Math.min(readBytes, Math.max(sizeBytes, 1)));
  const news = bell();
  let frontier = 0;
  let stopped = false;

  const follow = async (): Promise<FileDigests | undefined> => {
    for (let position = 0; position < sizeBytes; ) {
      while (frontier === position && !stopped) await news.heard();
      if (stopped) return undefined;
      const { bytesRead } = await readAt(
        fd,
        buffer,
        0,
        Math.min(buffer.length, frontier - position),
        position,
      );
      if (bytesRead === 0) throw new IntegrityError('The file became shorter while it was being written.');
      const slice = buffer.subarray(0, bytesRead);
      sha.update(slice);
      md?.update(slice);
      position += bytesRead;
    }
    return { sha256: sha.hex(), ...(md !== undefined && { md5: md.digest('hex') }) };
  };

  const following = follow();
  // Looked at in `result`; until then a failure must not count as unhandled.
  following.catch(() => undefined);
  return {
    advance(to) {
      frontier = to;
      news.ring();
    },
    async result() {
      const digests = await following;
      if (digests === undefined) throw new Error('The hashing was stopped.');
      return digests;
    },
    async stop() {
      stopped = true;
      news.ring();
      await following.catch(() => undefined);
    },
  };
}
