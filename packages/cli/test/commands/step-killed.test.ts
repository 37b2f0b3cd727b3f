import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../support/cli.ts';
import { killAtRandom, numbers } from '../support/killing.ts';

const codes = [10, 25, 50, 100];
const kills = 16;
const home = temporaryFolder();

/** A step that adds its code to what the one before it has made. */
function stepLine(build: string, index: number): string[] {
  const code = codes[index];
  const previous = codes[index - 1];
  const needs = previous === undefined ? [] : ['--needs', `out-${previous}=out.txt`];
  const script = `${index === 0 ? 'rm -f out.txt;' : ''} sleep 0.1; echo ${code} >> out.txt; sleep 0.1`;
  return [
    'step',
    build,
    '--state',
    `${code}`,
    ...needs,
    '--produces',
    `out-${code}=out.txt`,
    '--',
    'sh',
    '-c',
    script,
  ];
}

test('bldst step may be killed at any moment and run again, also in another folder', {
  timeout: 200_000,
}, async () => {
  const cli = cliIn(home, { env: { PATH: process.env.PATH } });
  const random = numbers(7);
  const builds: string[] = [];
  let count = 0;
  while (count < kills) {
    const build = (await cli(['build', 'create', '--project', 'killed', '-o', 'id'])).stdout.trim();
    builds.push(build);
    for (let index = 0; index < codes.length; ) {
      // Another folder after every kill, as another machine would be.
      const cwd = join(home, `${build}-${count}`);
      mkdirSync(cwd, { recursive: true });
      const { end, killed } = await killAtRandom(stepLine(build, index), { home, cwd }, random, 2500);
      if (killed) count += 1;
      if (end === 0) index += 1;
    }
  }
  for (const build of builds) {
    const attempts = (await cli(['build', 'history', build, '--json'])).json as {
      state: number;
      status: string;
    }[];
    for (const code of codes) {
      const statuses = attempts.filter(({ state }) => state === code).map(({ status }) => status);
      expect(statuses.pop()).toBe('completed');
      expect(statuses.filter((status) => status !== 'abandoned')).toEqual([]);
    }
    const target = join(home, `final-${build}.txt`);
    expect((await cli(['artifact', 'download', build, 'out-100', target])).code).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe(codes.map((code) => `${code}\n`).join(''));
  }
});
