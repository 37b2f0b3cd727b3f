import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bodyBytes, cutBody, endings } from '../cut-body.ts';

/** `npm run soak -- download-cuts`: every cut of a body of 64 KiB; `test/download/cuts.test.ts` takes some of them. */
const folder = mkdtempSync(join(tmpdir(), 'bldst-download-cuts-'));
const wrong: string[] = [];
const started = performance.now();
try {
  for (const ending of Object.values(endings)) {
    wrong.push(...(await cutBody(folder, ending, Array(bodyBytes).keys())));
  }
} finally {
  rmSync(folder, { recursive: true });
}
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(`${JSON.stringify({ suite: 'download-cuts', cuts: 2 * bodyBytes, wrong, seconds })}\n`);
if (wrong.length > 0) process.exitCode = 1;
