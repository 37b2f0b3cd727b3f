import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadKilled } from '../killed-downloads.ts';

/**
 * `npm run soak -- killed-downloads [downloads]`: each of 200 pieces, killed after random numbers of them until one
 * gets through.
 */
const [downloads = '20'] = process.argv.slice(2);
const [pieces, pieceBytes] = [200, 65_536];
const wrong: string[] = [];
let kills = 0;
let servedBytes = 0;
const started = performance.now();
for (let round = 0; round < Number(downloads); round += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'bldst-killed-downloads-'));
  try {
    const perProcess = () => Math.floor(Math.random() * 40);
    const outcome = await downloadKilled(folder, { pieces, pieceBytes, perProcess });
    kills += outcome.kills;
    servedBytes += outcome.servedBytes;
    const left = readdirSync(folder).filter((name) => name !== 'image.raw');
    wrong.push(...outcome.wrong, ...left.map((name) => `left behind: ${name}`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const again = servedBytes / (Number(downloads) * pieces * pieceBytes) - 1;
const seconds = Math.round((performance.now() - started) / 1000);
const sum = { suite: 'killed-downloads', downloads: Number(downloads), kills, again, wrong, seconds };
process.stdout.write(`${JSON.stringify(sum)}\n`);
if (wrong.length > 0) process.exitCode = 1;
