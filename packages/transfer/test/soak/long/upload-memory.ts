import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * `npm run soak -- upload-memory [gigabytes] [megabytes]`: a sparse file of so many gigabytes, and so many megabytes in
 * chunks of 64 bytes, into stores that keep nothing. Prints the peak of resident memory, which is to stay below 200 MiB.
 */
const [gigabytes = 50, megabytes = 1000] = process.argv.slice(2).map(Number);
const limitBytes = 200 * 1024 * 1024;

async function run(program: string, ...words: readonly string[]): Promise<Record<string, unknown>> {
  const path = fileURLToPath(new URL(`../../programs/${program}.ts`, import.meta.url));
  const started = performance.now();
  const args = ['--conditions=@buildstate/source', path, ...words];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const seconds = Math.round((performance.now() - started) / 1000);
  return { program, ...(JSON.parse(stdout) as object), seconds };
}

const outcomes = [
  await run('upload-file', String(gigabytes * 1e9), tmpdir()),
  await run('upload-stream', String(megabytes * 1e6), '64'),
];
process.stdout.write(`${JSON.stringify({ suite: 'upload-memory', outcomes })}\n`);
process.exitCode = outcomes.every(({ peakBytes }) => Number(peakBytes) < limitBytes) ? 0 : 1;
