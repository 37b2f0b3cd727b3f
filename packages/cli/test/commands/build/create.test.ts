import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, home, project, build } = withServer();

test('registers a build and answers it as the API does', async () => {
  const words = ['--platform', 'aws', '--os-version', 'rhel9', '-n', 'a-1', '--metadata', '{"commit":"abc"}'];
  const { code, json } = await cli(['build', 'create', '-p', project, '--json', '-d', 'first', ...words]);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    project,
    platform: 'aws',
    os_version: 'rhel9',
    build_number: 'a-1',
    status: 'pending',
    current_state: 0,
    description: 'first',
    metadata: { commit: 'abc' },
  });
});

test('brings its own id, and registers the same build once', async () => {
  const id = randomUUID();
  expect(await build(['--id', id, '-n', 'own'])).toBe(id);
  expect(await build(['--id', id, '-n', 'own'])).toBe(id);
});

test('refuses a number that is taken, and answers its build with --reuse', async () => {
  const id = await build(['-n', 'taken']);
  const again = ['build', 'create', '-p', project, '-n', 'taken'];
  const refused = await cli(again);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain('taken');
  const reused = await cli([...again, '--reuse', '-o', 'id']);
  expect(reused.stdout).toBe(`${id}\n`);
  expect(reused.stderr).toMatch(/exists already/);
  expect((await cli(['build', 'create', '-p', project, '--reuse'])).stderr).toMatch(
    /--reuse needs the number/,
  );
});

test('saves the build of the folder, which other commands then are about', async () => {
  const id = await build(['--save']);
  expect(readFileSync(join(home, '.bldst-build'), 'utf8')).toBe(`${id}\n`);
  expect((await cli(['build', 'get', '-o', 'id'])).stdout).toBe(`${id}\n`);
});

test('asks which project, and takes the configured one', async () => {
  const { code, stderr } = await cli(['build', 'create']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/Which project\?/);
  await cli(['config', 'set', 'project', project]);
  expect((await cli(['build', 'create', '--json'])).json.project).toBe(project);
  await cli(['config', 'unset', 'project']);
});

test('prints what scripts evaluate', async () => {
  const { stdout } = await cli(['build', 'create', '-p', project, '-o', 'env']);
  expect(stdout).toMatch(/^BLDST_BUILD_ID=\S{36}\nBLDST_STATE=0\nBLDST_STATUS=pending\nRESUME_STATE=\d+\n$/);
});

describe('in a CI job', () => {
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'acme/images',
    GITHUB_WORKFLOW: 'build',
    GITHUB_RUN_ID: '1745',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SERVER_URL: 'https://github.example',
  };

  test('the job is linked, and a re-run finds its build again', async () => {
    const words = ['build', 'create', '-p', project, '-o', 'id'];
    const first = await cli(words, { env });
    expect(first.code).toBe(0);
    const again = await cli(words, { env: { ...env, GITHUB_RUN_ATTEMPT: '2' } });
    expect(again.stdout).toBe(first.stdout);
    const jobs = await cli(['job', 'list', first.stdout.trim(), '--json']);
    expect(jobs.json[0]).toMatchObject({ platform: 'github-actions' });
  });

  test('unless it is not wanted', async () => {
    const words = ['build', 'create', '-p', project, '-n', 'no-job', '--no-job', '-o', 'id'];
    const id = (await cli(words, { env })).stdout.trim();
    expect((await cli(['job', 'list', id, '--json'])).json).toEqual([]);
  });
});
