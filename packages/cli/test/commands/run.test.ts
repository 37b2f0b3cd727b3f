import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../support/cli.ts';

const yaml = (project: string) => `project: ${project}
states:
  - code: 10
    run: cp base.txt base.img && echo ran-10
    produces: { base-image: base.img }
    inputs: [base.txt]
  - code: 25
    name: security-baseline
    needs: { base-image: hardened.img }
    run: |
      echo hardened >> hardened.img
      echo ran-25
    produces: { hardened: hardened.img }
  - code: 100
    needs: [hardened]
    run: cat hardened.img && test ! -e broken
`;

const root = temporaryFolder();

/** A home with a local store, and working copies of one project in it. */
function place(project: string) {
  const home = join(root, project);
  mkdirSync(home);
  const cli = cliIn(home, { env: { PATH: process.env.PATH } });
  const copy = (name: string, files: Readonly<Record<string, string>> = {}) => {
    const folder = join(home, name);
    mkdirSync(folder, { recursive: true });
    const all = { 'base.txt': 'base\n', 'buildstate.yaml': yaml(project), ...files };
    for (const [path, text] of Object.entries(all)) writeFileSync(join(folder, path), text);
    return folder;
  };
  const history = async (build: string): Promise<string[]> =>
    (await cli(['build', 'history', build, '--json'])).json.map(
      ({ state, status }: { state: number; status: string }) => `${state} ${status}`,
    );
  return { home, cli, copy, history };
}

describe('bldst run', () => {
  test('explains a new build state by state, and changes nothing', async () => {
    const { cli, copy } = place('explained');
    const cwd = copy('a');
    const result = await cli(['run', '--explain'], { cwd });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^A new build of explained\.\n/);
    expect(result.stdout).toMatch(/ 10 +base-image-created +run +is not done yet/);
    expect((await cli(['build', 'list', '--json'])).json).toEqual([]);
    expect((await cli(['project', 'list', '--json'])).json).toEqual([]);
  });

  test('shows with --dry-run which commands would run', async () => {
    const { cli, copy } = place('dry');
    const result = await cli(['run', '--dry-run', '--to', '25'], { cwd: copy('a') });
    expect(result.stdout).toMatch(/ 10 +cp base\.txt base\.img && echo ran-10 +stores base-image=base\.img/);
    expect(result.stdout).toMatch(/ 25 .*needs base-image=hardened\.img, stores hardened=hardened\.img/);
    expect(result.stdout).not.toContain('cat hardened.img');
  });

  test('runs, fails with the exit code of the command, and continues in another folder', async () => {
    const { cli, copy, history } = place('continued');
    const first = await cli(['run'], { cwd: copy('a', { broken: '' }) });
    expect(first).toMatchObject({ code: 1, stdout: 'ran-10\nran-25\nbase\nhardened\n' });
    const explained = await cli(['run', '--explain', '--json'], { cwd: copy('b') });
    expect(explained.json).toMatchObject({
      build: { build_number: '1' },
      states: [
        { state: 10, action: 'skip', reason: 'is completed with the same inputs' },
        { state: 25, action: 'skip' },
        { state: 100, action: 'run', reason: 'failed and is tried again' },
      ],
    });
    const second = await cli(['run'], { cwd: copy('b') });
    expect(second).toMatchObject({ code: 0, stdout: 'base\nhardened\n' });
    expect(second.stderr).toContain('hardened: fetched');
    expect(await history('continued:1')).toEqual([
      '10 completed',
      '25 completed',
      '100 failed',
      '100 completed',
    ]);
  });

  test('takes a file of another folder, whose folder is the project', async () => {
    const { cli, copy, home } = place('elsewhere');
    const folder = copy('deep');
    const result = await cli(['run', 'deep/buildstate.yaml', '--json'], { cwd: home });
    expect(result).toMatchObject({ code: 0 });
    expect(result.json).toMatchObject({
      build: { project: 'elsewhere', build_number: '1' },
      outcome: 'completed',
      exit_code: 0,
      completed: [10, 25, 100],
      skipped: [],
    });
    expect(result.stderr).toContain('ran-10\n');
    expect(readFileSync(join(folder, 'hardened.img'), 'utf8')).toBe('base\nhardened\n');
  });

  test('runs an edited state again and those after it, and says why', async () => {
    const { cli, copy, history } = place('edited');
    const cwd = copy('a', { broken: '' });
    await cli(['run'], { cwd });
    writeFileSync(join(cwd, 'base.txt'), 'other\n');
    const explained = await cli(['run', '--explain'], { cwd });
    expect(explained.stdout).toContain(
      'Goes back to state 0 first. State 10 is completed, but base.txt changed.',
    );
    const again = await cli(['run'], { cwd });
    expect(again).toMatchObject({ code: 1, stdout: 'ran-10\nran-25\nother\nhardened\n' });
    expect(await history('edited:1')).toEqual([
      '10 rolled_back',
      '25 rolled_back',
      '100 failed',
      '10 completed',
      '25 completed',
      '100 failed',
    ]);
  });

  test('starts another build with --new, and stops at --to', async () => {
    const { cli, copy } = place('numbers');
    const cwd = copy('a');
    await cli(['run', '--to', 'security-baseline'], { cwd });
    await cli(['run', '--new', '--to', '10'], { cwd });
    const builds = (await cli(['build', 'list', '--json'])).json;
    const seen = builds.map((build: { build_number: string; last_successful_state: number }) => [
      build.build_number,
      build.last_successful_state,
    ]);
    expect(seen.toSorted()).toEqual([
      ['1', 25],
      ['2', 10],
    ]);
  });

  test('tells every problem of a file with its line', async () => {
    const { cli, copy } = place('bad');
    const cwd = copy('a', {
      'buildstate.yaml':
        'project: bad\nstates:\n  - { code: 10, runs: x }\n  - { code: 60, run: x, branches: {} }\n',
    });
    const result = await cli(['run'], { cwd });
    expect(result).toMatchObject({ code: 122, stdout: '' });
    expect(result.stderr).toContain('buildstate.yaml:3:5: states[0].run is missing');
    expect(result.stderr).toContain(
      'buildstate.yaml:3:17: states[0].runs is not a known key; did you mean run?',
    );
    expect(result.stderr).toMatch(
      /buildstate\.yaml:4:\d+: states\[1\]\.branches must name at least one branch/,
    );
  });

  test('ends with 122 when there is no file, and with 124 while somebody else runs the build', async () => {
    const { cli, copy, home } = place('own-errors');
    const nothing = await cli(['run'], { cwd: home });
    expect(nothing.code).toBe(122);
    expect(nothing.stderr).toContain('bldst run path/to/buildstate.yaml');
    const cwd = copy('a', { broken: '' });
    await cli(['run'], { cwd });
    await cli(['build', 'lease', 'own-errors:1']);
    const result = await cli(['run'], { cwd });
    expect(result.code).toBe(124);
    expect(existsSync(join(cwd, 'hardened.img'))).toBe(true);
  });

  test('uses the tracker that the file names', async () => {
    const { cli, copy, home } = place('tracked');
    const store = join(home, 'own-store');
    copy('a', { 'buildstate.yaml': `tracker: ${store}\n${yaml('tracked')}` });
    expect((await cli(['run', 'a/buildstate.yaml'], { cwd: home })).code).toBe(0);
    expect((await cli(['build', 'list', '--json'])).json).toEqual([]);
    expect((await cli(['build', 'list', '--tracker', store, '--json'])).json).toHaveLength(1);
  });
});
