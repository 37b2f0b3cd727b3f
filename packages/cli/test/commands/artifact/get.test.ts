import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('shows an artifact by its name or id; the build may be left out', async () => {
  const id = await build();
  const register = [
    'artifact',
    'register',
    id,
    '--path',
    'ami-1',
    '--backend',
    'aws_ami',
    '--state',
    '10',
    '--type',
    'ami',
  ];
  const artifact = (await cli([...register, '--name', 'golden', '-o', 'id'])).stdout.trim();
  const { stdout } = await cli(['artifact', 'get', id, 'golden']);
  expect(stdout).toContain(`Id:            ${artifact}\n`);
  expect(stdout).toContain('Path:          ami-1\n');
  const env = { BLDST_BUILD_ID: id };
  expect((await cli(['artifact', 'get', artifact, '--json'], { env })).json.artifact_name).toBe('golden');
});

test('what is missing and what is unknown are told apart', async () => {
  expect((await cli(['artifact', 'get'])).code).toBe(2);
  const id = await build();
  const { code, stderr } = await cli(['artifact', 'get', id, 'nothing']);
  expect(code).toBe(3);
  expect(stderr).toContain(`Try: bldst artifact list ${id}\n`);
});
