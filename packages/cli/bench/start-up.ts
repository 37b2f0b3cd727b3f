import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Wall time of short commands, as a multiple of what Node itself takes to do nothing. The variants take turns, so
// that whatever else the machine does hits all of them. Run it on the built package: `npm run bench [rounds]`.

const bin = fileURLToPath(new URL('../bin/bldst.cjs', import.meta.url));
const rounds = Number(process.argv[2] ?? 41);
const home = mkdtempSync(join(tmpdir(), 'bldst-bench-'));
const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: home, BLDST_API_KEY: 'dev-key-12345' };

/** What is measured, and how many times `node -e 0` it may take. */
interface Variant {
  readonly name: string;
  readonly words: readonly string[];
  readonly limit?: number;
}

const report = ['build', 'add-state', 'bench:1', '--state', '10', '--status', 'started'];
const variants: readonly Variant[] = [
  { name: 'node -e 0', words: ['-e', '0'] },
  { name: 'bldst --version', words: [bin, '--version'], limit: 1.3 },
  { name: 'bldst help exit-codes', words: [bin, 'help', 'exit-codes'] },
  { name: 'bldst build get', words: [bin, 'build', 'get', 'bench:1'], limit: 3 },
  { name: 'bldst build add-state', words: [bin, ...report], limit: 3 },
];

async function startServer(): Promise<ChildProcess> {
  const words = [bin, 'serve', '--dev', '--port', '0', '--json', '--log-level', 'silent', '--data-dir', home];
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk;
    if (text.trimEnd().endsWith('}')) break;
  }
  env.BLDST_TRACKER = (JSON.parse(text) as { url: string }).url;
  return child;
}

function milliseconds({ name, words }: Pick<Variant, 'name' | 'words'>): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, [...words], { env });
  const time = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return time;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function measure(): ReadonlyMap<string, number[]> {
  const times = new Map(variants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds + 2; round++) {
    for (const variant of variants) {
      const time = milliseconds(variant);
      // The first rounds fill the compile cache.
      if (round >= 2) times.get(variant.name)?.push(time);
    }
  }
  return times;
}

const server = await startServer();
try {
  milliseconds({ name: 'create', words: [bin, 'build', 'create', '--project', 'bench', '-n', '1'] });
  const times = measure();
  const base = times.get('node -e 0') ?? [];
  for (const { name, limit } of variants) {
    const values = times.get(name) ?? [];
    const ratio = median(values) / median(base);
    const fastest = Math.min(...values) / Math.min(...base);
    const verdict = limit === undefined ? '' : `  at most ${limit}: ${ratio <= limit ? 'met' : 'MISSED'}`;
    console.log(
      `${name.padEnd(22)} median ${median(values).toFixed(1).padStart(6)} ms  ${ratio.toFixed(2)} x  (fastest ${fastest.toFixed(2)} x)${verdict}`,
    );
    if (limit !== undefined && ratio > limit) process.exitCode = 1;
  }
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(home, { recursive: true, force: true });
}
