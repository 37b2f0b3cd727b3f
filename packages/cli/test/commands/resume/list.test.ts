import { expect, test } from 'vitest';
import { requestedBuild } from '../../support/resume-request.ts';
import { withServer } from '../../support/server.ts';

const server = withServer();
const { cli, build } = server;

test('lists the requests of a build, newest first', async () => {
  const { build: id, request } = await requestedBuild(server);
  await cli(['resume', 'update', request, '--status', 'cancelled']);
  const newer = (await cli(['build', 'resume', id, '-o', 'id'])).stdout.trim();
  expect((await cli(['resume', 'list', id, '-o', 'id'])).stdout).toBe(`${newer}\n${request}\n`);
  const { stdout } = await cli(['resume', 'list', id]);
  expect(stdout).toMatch(/^Id +From +To +Status +Age +Asked by +Reason\n/);
  expect(stdout).toMatch(new RegExp(`${request} +35 +- +cancelled .*Mirror is back`));
});

test('says when there are none', async () => {
  expect((await cli(['resume', 'list', await build()])).stdout).toBe('No resume requests.\n');
});
