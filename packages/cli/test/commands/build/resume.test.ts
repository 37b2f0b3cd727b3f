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
