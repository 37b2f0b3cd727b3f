import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('lists variables without the values of sensitive ones', async () => {
  const id = await build();
  await cli(['variable', 'set', id, 'region=us-east-1', '--required-for-resume']);
  await cli(['variable', 'set', id, 'password=-', '--sensitive'], { stdin: 'hunter2' });
  const { stdout } = await cli(['variable', 'list', id]);
  expect(stdout).toMatch(/^Key +Value +Type +State +Required\n/);
  expect(stdout).toMatch(/\npassword +\(sensitive\) /);
  expect(stdout).not.toContain('hunter2');
  expect((await cli(['variable', 'list', id, '-o', 'env'])).stdout).toBe('BLDST_VAR_REGION=us-east-1\n');
  const required = await cli(['variable', 'list', id, '--required-for-resume', '-o', 'id']);
  expect(required.stdout).toBe('region\n');
});

test('a build without any says so', async () => {
  expect((await cli(['variable', 'list', await build()])).stdout).toBe('No variables.\n');
});
