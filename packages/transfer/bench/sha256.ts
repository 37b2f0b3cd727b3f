import { randomBytes } from 'node:crypto';
import { anySha256, wasmSha256 } from '../src/browser/index.ts';

// SHA-256 of 256 MiB in slices of 1 MiB by node:crypto and in WebAssembly, in turns; medians. `npm run bench -- sha256`.

const mebibyte = 1024 * 1024;
const slice = randomBytes(mebibyte);
const makers = { 'node:crypto': () => anySha256(), 'hash-wasm': () => wasmSha256() };

async function mebibytesPerSecond(make: () => ReturnType<typeof wasmSha256>): Promise<number> {
  const hash = await make();
  const started = performance.now();
  for (let count = 0; count < 256; count += 1) hash.update(slice);
  hash.hex();
  return 256_000 / (performance.now() - started);
}

const rates = new Map(Object.keys(makers).map((name) => [name, [] as number[]]));
for (let round = 0; round < 5; round += 1) {
  for (const [name, make] of Object.entries(makers)) rates.get(name)?.push(await mebibytesPerSecond(make));
}
for (const [name, values] of rates) {
  console.log(`${name}: ${values.toSorted((a, b) => a - b)[2]?.toFixed(0)} MiB/s`);
}
