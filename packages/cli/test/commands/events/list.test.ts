import { expect, test } from 'vitest';
import { eventSummary } from '../../../src/views/event.ts';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

async function eventful(): Promise<string> {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '10']);
  await cli(['variable', 'set', id, 'secret=hush', '--sensitive']);
  await cli(['build', 'fail', id, '--state', '25', '--error', 'Connection timed out']);
  return id;
}

test('lists what happened, oldest first, with numbers without gaps', async () => {
  const id = await eventful();
  const { code, json } = await cli(['events', 'list', id, '--json']);
  expect(code).toBe(0);
  const types = (json as { type: string }[]).map(({ type }) => type);
  expect(types).toEqual(['build.created', 'state.completed', 'variable.set', 'state.failed', 'build.failed']);
  expect((await cli(['events', 'list', id, '-o', 'id'])).stdout).toBe('1\n2\n3\n4\n5\n');
});

test('shows people one line for each, with its facts and without secrets', async () => {
  const { stdout } = await cli(['events', 'list', await eventful()]);
  expect(stdout).toMatch(/^Seq +Time +Type +Actor +Summary\n/);
  expect(stdout).toMatch(/\n +4 .* state\.failed .*state 25, attempt 1, category transient/);
  expect(stdout).not.toContain('hush');
});

test('can leave out what is known already, and show one kind alone', async () => {
  const id = await eventful();
  expect((await cli(['events', 'list', id, '--after', '3', '-o', 'id'])).stdout).toBe('4\n5\n');
  expect((await cli(['events', 'list', id, '--type', 'state.', '-o', 'id'])).stdout).toBe('2\n4\n');
  const first = await cli(['events', 'list', id, '--limit', '2', '-o', 'id']);
  expect(first.stdout).toBe('1\n2\n');
  expect(first.stderr).toContain('--all');
});

test('facts become words, and what only machines read is left out', () => {
  const data = {
    state: 10,
    attempt: 2,
    job_id: 'x',
    duration_seconds: 303,
    start_inferred: true,
    is_final: false,
    error_code: null,
    fields: ['a', 'b'],
  };
  expect(eventSummary({ data })).toBe(
    'state 10, attempt 2, took 5m 3s, start inferred, not final, fields a, b',
  );
});
