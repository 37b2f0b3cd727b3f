import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('links a job by hand', async () => {
  const id = await build();
  const words = [
    '--platform',
    'jenkins',
    '--job',
    'images',
    '--number',
    '17',
    '--job-url',
    'https://ci.example/17',
  ];
  const { code, json } = await cli(['job', 'link', id, ...words, '--resumed-from', 'kickstart', '--json']);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    build_id: id,
    platform: 'jenkins',
    job_name: 'images',
    build_number: '17',
    is_resume_job: true,
    resumed_from_state: 5,
  });
});

test('recognises the job that it runs in, and flags override what is found', async () => {
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_RUN_ID: '9',
    GITHUB_WORKFLOW: 'images',
    GITHUB_REPOSITORY: 'a/b',
  };
  const { json } = await cli(['job', 'link', await build(), '--job', 'mine', '--json'], { env });
  expect(json).toMatchObject({ platform: 'github-actions', job_name: 'mine' });
});

test('says what to do where there is no job', async () => {
  const { code, stderr } = await cli(['job', 'link', await build()]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--platform/);
});
