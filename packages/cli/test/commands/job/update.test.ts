import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('reports how a job is doing', async () => {
  const id = await build();
  const job = (await cli(['job', 'link', id, '--platform', 'gitlab', '-o', 'id'])).stdout.trim();
  const words = ['--status', 'success', '--completed-at', '2026-03-01T12:00:00Z', '--json'];
  expect((await cli(['job', 'update', id, job, ...words])).json).toMatchObject({
    id: job,
    status: 'success',
    completed_at: '2026-03-01T12:00:00.000Z',
  });
  expect((await cli(['job', 'update', id, job])).stderr).toMatch(/Say what is to be changed/);
  expect((await cli(['job', 'update'])).code).toBe(2);
});
