import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/bldst.cjs', import.meta.url));
const rounds = Number(process.argv[2] ?? 25);

const variants: Record<string, string[]> = {
  'node -e 0': ['-e', '0'],
  'bldst --version': [bin, '--version'],
  'bldst help exit-codes': [bin, 'help', 'exit-codes'],
};

function milliseconds(words: string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, words);
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const times = new Map(Object.keys(variants).map((name) => [name, [] as number[]]));
for (let round = 0; round < rounds + 2; round++) {
  for (const [name, words] of Object.entries(variants)) {
    const time = milliseconds(words);
    // The first rounds fill the compile cache.
    if (round >= 2) times.get(name)?.push(time);
  }
}
const base = median(times.get('node -e 0') ?? []);
for (const [name, values] of times) {
  console.log(
    `${name.padEnd(24)} ${median(values).toFixed(1).padStart(7)} ms  ${(median(values) / base).toFixed(2)} x`,
  );
}
