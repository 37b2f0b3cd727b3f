import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../support/cli.ts';
import { type End, killAtRandom, numbers } from '../support/killing.ts';

const codes = [5, 10, 25, 50, 75, 100];

/** Six short states, each of which adds its code to what the one before it has made. */
function buildFile(home: string): string {
  const states = codes.map((code, index) => {
    const previous = codes[index - 1];
    const file = `out/${code}.txt`;
    const needs = previous === undefined ? '' : `    needs: { out-${previous}: ${file} }\n`;
    // Two commands at one time would mean that a killed worker's command went on beside its successor's.
    const alone = `exec 9>> ${home}/lock; flock -n 9 || echo ${code} >> ${home}/overlaps`;
    const work = `mkdir -p out; sleep 0.1; echo ${code} ${index === 0 ? '>' : '>>'} ${file}; sleep 0.1`;
    return `  - code: ${code}\n${needs}    run: '${alone}; ${work}'\n    produces: { out-${code}: ${file} }\n    inputs: [input.txt]\n`;
  });
  return `project: killed\nfinally: ["true"]\nstates:\n${states.join('')}`;
}

interface Attempt {
  readonly state: number;
  readonly status: string;
}

/** A home with a local store, and two working copies of one project. */
function place(home: string) {
  const folders = ['one', 'two'].map((name) => join(home, name));
  for (const folder of folders) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'buildstate.yaml'), buildFile(home));
    writeFileSync(join(folder, 'input.txt'), 'input\n');
  }
  return { home, folders, cli: cliIn(home, { env: { PATH: process.env.PATH } }) };
}

/** Runs and kills until there were so many kills. Answers how the runs ended. */
async function killOften({ home, folders }: ReturnType<typeof place>, seed: number, kills: number) {
  const random = numbers(seed);
  const ends: End[] = [];
  for (let count = 0; count < kills; ) {
    const cwd = folders[count % folders.length] ?? home;
    const { end, killed } = await killAtRandom(['run'], { home, cwd }, random, 3000);
    if (killed) count += 1;
    ends.push(end);
  }
  return ends;
}

/** Every state of a build: abandoned as often as it was killed, then completed once, and never begun again. */
async function checkBuild({ home, cli }: ReturnType<typeof place>, id: string): Promise<void> {
  const details = (await cli(['build', 'get', id, '--json'])).json;
  expect(details).toMatchObject({ status: 'completed', current_state: 100, open_attempt: null });
  const attempts = (await cli(['build', 'history', id, '--json'])).json as Attempt[];
  for (const code of codes) {
    const statuses = attempts.filter(({ state }) => state === code).map(({ status }) => status);
    expect(statuses.pop()).toBe('completed');
    expect(statuses.filter((status) => status !== 'abandoned')).toEqual([]);
  }
  const target = join(home, `final-${id}.txt`);
  expect((await cli(['artifact', 'download', id, 'out-100', target])).code).toBe(0);
  expect(readFileSync(target, 'utf8')).toBe(codes.map((code) => `${code}\n`).join(''));
}

const homes = [temporaryFolder(), temporaryFolder()];

// Two lanes at a time, each with a store and builds of its own: 50 kills in all.
test.concurrent.each(homes.map((home, index) => [index + 1, home] as const))(
  'bldst run may be killed at any moment and run again, also in another folder (%i)',
  { timeout: 400_000 },
  async (lane, home) => {
    const here = place(home);
    const ends = await killOften(here, 20_261_121 * lane, 25);
    expect(ends).toContain('SIGKILL');
    expect(ends).toContain(130);
    const last = await here.cli(['run'], { cwd: here.folders[0] });
    expect(last.code, last.stderr).toBe(0);
    const builds = (await here.cli(['build', 'list', '--json'])).json as { id: string }[];
    for (const { id } of builds) await checkBuild(here, id);
    expect(existsSync(join(here.home, 'overlaps'))).toBe(false);
  },
);
