import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build, project } = withServer();

test('shows how much artifacts take', async () => {
  const id = await build();
  const words = ['artifact', 'register', id, '--name', 'x', '--type', 'disk_image', '--state', '10'];
  await cli([...words, '--path', 's3://b/x', '--backend', 's3', '--size', '1536']);
  const { stdout } = await cli(['metric', 'storage', '--project', project]);
  expect(stdout).toMatch(/^Artifacts: +1$/m);
  expect(stdout).toMatch(/^Size: +1\.5 KiB$/m);
  expect(stdout).toMatch(/^s3 +1 +1\.5 KiB +\[#{20}\]$/m);
  expect(stdout).toMatch(/^disk_image +1 +1\.5 KiB/m);
});

test('of nothing is no error', async () => {
  await cli(['project', 'create', `${project}-empty`]);
  expect((await cli(['metric', 'storage', '-p', `${project}-empty`])).stdout).toBe('No artifacts.\n');
});
