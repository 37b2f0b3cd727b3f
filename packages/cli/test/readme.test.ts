import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/errors/exit-codes.ts';
import { bashIn } from './support/binary.ts';
import { temporaryFolder } from './support/cli.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const consoles = [...readme.matchAll(/```console\n(.*?)```/gs)].map(([, block = '']) => block);

test('the first minute works as written, without a server', async () => {
  const lines = consoles[0]?.split('\n') ?? [];
  const commands = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
  expect(commands.length).toBeGreaterThan(4);
  // `build check` says by its exit code that the build is not completed.
  const script = commands.map((command) =>
    command.includes('build check') ? `${command} || test $? -eq 1` : command,
  );
  const { code, stdout, stderr } = await bashIn(temporaryFolder())(`set -eu\n${script.join('\n')}`);
  expect(code, stdout + stderr).toBe(0);
  for (const line of lines.filter((text) => text !== '' && !text.startsWith('$ ')))
    expect(stdout).toContain(line);
});

test('the table of exit codes is the one that holds', () => {
  const rows = [...readme.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, meaning]) => [
    Number(code),
    meaning,
  ]);
  expect(rows.map(([code]) => code)).toEqual(Object.values(exitCodes).map(({ code }) => code));
  for (const [index, { meaning }] of Object.values(exitCodes).entries()) {
    const [, said] = rows[index] ?? [];
    expect(meaning.toLowerCase()).toContain(String(said).toLowerCase());
  }
});

test('every dependency is explained', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly dependencies: object;
    readonly optionalDependencies: object;
  };
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    expect(readme).toContain(`\`${name}\``);
  }
});
