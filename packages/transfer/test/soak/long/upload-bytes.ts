import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../tools.ts';
import { crashAtByte } from '../crash-at-byte.ts';

/**
 * `npm run soak -- upload-bytes [kibibytes] [step]`: uploads of 256 KiB in parts of 4 KiB, one that dies at each byte,
 * or at every `step`th. Prints how many there were and what is wrong.
 */
const [kibibytes = 256, step = 1] = process.argv.slice(2).map(Number);
const partBytes = 4096;
const concurrency = 4;
const bytes = randomBytes(kibibytes * 1024);
const expected = sha256(bytes);
const folder = mkdtempSync(join(tmpdir(), 'buildstate-upload-bytes-'));
const path = join(folder, 'image.raw');
writeFileSync(path, bytes);
const faults: string[] = [];
const started = performance.now();
let crashes = 0;
let mostRepeated = 0;
try {
  for (let at = 1; at <= bytes.length; at += step) {
    const own = join(folder, 'journal');
    const outcome = await crashAtByte({ folder: own, path, bytes, partBytes, concurrency, at });
    rmSync(own, { recursive: true });
    mostRepeated = Math.max(mostRepeated, outcome.repeatedBytes);
    crashes += 1;
    const good = outcome.sha256 === expected && outcome.sameBytes && outcome.orphans === 0;
    if (!good || outcome.repeatedBytes > concurrency * partBytes)
      faults.push(`at byte ${at}: ${JSON.stringify(outcome)}`);
    if (crashes % 10_000 === 0) process.stderr.write(`${crashes} crashes\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(
  `${JSON.stringify({ suite: 'upload-bytes', crashes, mostRepeated, seconds, faults })}\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
