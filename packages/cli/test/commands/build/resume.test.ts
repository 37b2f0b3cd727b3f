import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

async function failed(): Promise<string> {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '30']);
  await cli(['build', 'fail', id, '--state', '35', '--error', 'x']);
  return id;
}

test('asks that a build goes on, once', async () => {
  const id = await failed();
  const { code, json } = await cli(['build', 'resume', id, '--reason', 'Mirror is back', '--json']);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    build_id: id,
    resume_from_state: 35,
    resume_reason: 'Mirror is back',
    request_source: 'cli',
    orchestration_status: 'pending',
  });
  expect((await cli(['build', 'resume', id, '-o', 'id'])).stdout).toBe(`${json.id}\n`);
});

test('takes the state by its name', async () => {
  const id = await failed();
  const words = ['build', 'resume', id, '--from-state', 'base-os-complete', '--json'];
  expect((await cli(words)).json.resume_from_state).toBe(30);
});

test('a completed build cannot be resumed', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '100']);
  const { code } = await cli(['build', 'resume', id]);
  expect([4, 9]).toContain(code);
});

test('with --verify says which states run again, and why', async () => {
  const id = await failed();
  const words = ['--state', '30', '--name', 'image', '--type', 'disk_image', '--backend', 'local'];
  await cli(['artifact', 'create', id, ...words, '--path', 'file:///nowhere/image', '--resumable']);
  await cli(['artifact', 'verify', id, 'image', '--found', 'missing']);
  const { code, stdout } = await cli(['build', 'resume', id, '--verify']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/From state: +30\n/);
  expect(stdout).toMatch(/Runs again:\n {2}30 - base-os-complete: its bytes are not there\n/);
  expect(stdout).toMatch(/Missing:\n {2}artifact image: its bytes are not there\n/);
});
