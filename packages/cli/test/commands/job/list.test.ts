import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('lists the jobs behind a build', async () => {
  const id = await build();
  expect((await cli(['job', 'list', id])).stdout).toBe('No jobs.\n');
  await cli(['job', 'link', id, '--platform', 'gitlab', '--pipeline', 'p', '--job', 'j', '--number', '3']);
  const { stdout } = await cli(['job', 'list', id]);
  expect(stdout).toMatch(/^Id +Platform +Job +Run +Status +Started +Link\n/);
  expect(stdout).toMatch(/\n\S{36} +gitlab +p \/ j +3 /);
});
