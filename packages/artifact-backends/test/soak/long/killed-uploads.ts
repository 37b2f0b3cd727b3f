import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killUploads } from '../kill-uploads.ts';
import { killedStore } from '../killed-stores.ts';

/**
 * `npm run soak -- killed-uploads [parts] [folder|s3] [concurrency]`: one upload whose process is killed at every part
 * boundary and around every write of its journal. Prints how often that was and what is wrong.
 */
const [partsText = '1000', kind = 'folder', concurrencyText = '1'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'buildstate-killed-uploads-'));
const started = performance.now();
const store = await killedStore(kind, folder);
try {
  const outcome = await killUploads({
    store,
    folder: join(folder, 'work'),
    parts: Number(partsText),
    partBytes: 4096,
    built: true,
    concurrency: Number(concurrencyText),
    onKill(kills) {
      if (kills % 250 === 0) process.stderr.write(`${kills} kills\n`);
    },
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${JSON.stringify({ suite: 'killed-uploads', store: kind, ...outcome, seconds })}\n`);
  process.exitCode = outcome.faults.length === 0 ? 0 : 1;
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}
