import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { liveServer } from './support/live-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/^## (.*)$|^```ts\n([\s\S]*?)^```$/gm)].reduce<{
  title: string;
  found: { title: string; code: string }[];
}>(
  ({ title, found }, [, heading, code]) =>
    code === undefined ? { title: heading ?? title, found } : { title, found: [...found, { title, code }] },
  { title: 'the first one', found: [] },
).found;

/** Runs a program in a folder of its own; answers the lines that it printed. */
async function linesOf(code: string): Promise<string[]> {
  const folder = temporaryFolder();
  const path = join(folder, 'example.ts');
  writeFileSync(path, code);
  const runner = fileURLToPath(new URL('./support/run-example.ts', import.meta.url));
  const env = { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1' };
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', runner, path], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complaints = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const [exitCode] = await once(child, 'close');
  expect(exitCode, complaints).toBe(0);
  return printed.trim().split('\n');
}

it.each(examples)('the README’s example of $title prints what it says', async ({ code }) => {
  const server = await liveServer({ store: 'memory:' });
  onTestFinished(() => server.remove());
  const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
  expect(expected.length).toBeGreaterThan(0);
  expect(await linesOf(code.replace('http://127.0.0.1:8080', server.url))).toEqual(expected);
});

it('the README has the examples that this test is made for', () => {
  expect(examples).toHaveLength(7);
});
