import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../support/cli.ts';

const bin = fileURLToPath(new URL('../../bin/bldst.cjs', import.meta.url));
const kills = 50;
const codes = [5, 10, 25, 50, 75, 100];

/** Six short states, each of which adds its code to what the one before it has made. */
function buildFile(home: string): string {
  const states = codes.map((code, index) => {
    const previous = codes[index - 1];
    const needs = previous === undefined ? '' : `    needs: { out-${previous}: out/${code}.txt }\n`;
    // Two commands at one time would mean that a killed worker's command went on beside its successor's.
    const script = `exec 9>> ${home}/lock; flock -n 9 || echo "${code}" >> ${home}/overlaps; mkdir -p out; sleep 0.1; echo ${code} >> out/${code}.txt; sleep 0.1`;
    return `  - code: ${code}\n${needs}    run: '${script}'\n    produces: { out-${code}: out/${code}.txt }\n    inputs: [input.txt]\n`;
  });
  return `project: killed\nfinally: ["true"]\nstates:\n${states.join('')}`;
}

/** A number from 0 to 1 that looks random and is the same in every run of the test. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

interface Attempt {
  readonly state: number;
  readonly status: string;
}

test('bldst run may be killed at any moment and run again, also in another folder', {
  timeout: 400_000,
}, async () => {
  const home = temporaryFolder();
  const cli = cliIn(home, { env: { PATH: process.env.PATH } });
  const folders = ['one', 'two'].map((name) => join(home, name));
  for (const folder of folders) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'buildstate.yaml'), buildFile(home));
    writeFileSync(join(folder, 'input.txt'), 'input\n');
  }
  const start = (cwd: string): ChildProcess =>
    spawn(process.execPath, ['--conditions=@buildstate/source', bin, 'run'], {
      cwd,
      env: { PATH: process.env.PATH, HOME: home, NODE_COMPILE_CACHE: join(home, 'cache') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const random = numbers(20261121);
  const ends: (number | string)[] = [];
  for (let count = 0; count < kills; ) {
    const child = start(folders[count % folders.length] ?? home);
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const ended = once(child, 'exit');
    await Promise.race([ended, sleep(random.next().value * 3500)]);
    const signal = random.next().value < 0.5 ? 'SIGKILL' : 'SIGINT';
    if (child.exitCode === null && child.kill(signal)) count += 1;
    const [code, by] = await ended;
    // A run ends because it was killed or because it was done; it never fails.
    expect(
      by === 'SIGKILL' || by === 'SIGINT' || code === 130 || code === 0,
      `${code} ${by}\n${stderr}`,
    ).toBe(true);
    ends.push(by ?? code);
  }
  expect(ends).toContain('SIGKILL');

  const last = await cli(['run'], { cwd: folders[0] });
  expect(last.code, last.stderr).toBe(0);
  const builds = (await cli(['build', 'list', '--json'])).json as { id: string; status: string }[];
  for (const { id } of builds) {
    const details = (await cli(['build', 'get', id, '--json'])).json;
    expect(details).toMatchObject({
      status: 'completed',
      current_state: 100,
      lease: null,
      open_attempt: null,
    });
    const attempts = (await cli(['build', 'history', id, '--json'])).json as Attempt[];
    for (const code of codes) {
      const statuses = attempts.filter(({ state }) => state === code).map(({ status }) => status);
      // Abandoned as often as it was killed, then completed once, and never begun again.
      expect(statuses.at(-1)).toBe('completed');
      expect(statuses.slice(0, -1).every((status) => status === 'abandoned')).toBe(true);
    }
    const target = join(home, `final-${id}.txt`);
    expect((await cli(['artifact', 'download', id, 'out-100', target])).code).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe(codes.map((code) => `${code}\n`).join(''));
  }
  expect(existsSync(join(home, 'overlaps'))).toBe(false);
});
