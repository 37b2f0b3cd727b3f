import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('promotes an artifact and makes its build releasable, with who and why', async () => {
  const id = await build();
  const register = ['artifact', 'register', id, '--path', 'ami-1', '--backend', 'aws_ami', '--state', '10'];
  await cli([...register, '--name', 'golden', '--type', 'ami']);
  const { stdout } = await cli(['artifact', 'promote', id, 'golden', '--reason', 'Passed', '--by', 'ann']);
  expect(stdout).toMatch(/^Final: +yes$/m);
  expect(stdout).toMatch(/^Promoted by: +ann$/m);
  expect(stdout).toMatch(/^Promoted because: +Passed$/m);
  expect((await cli(['build', 'get', id])).stdout).toMatch(/^Releasable: +since \d{4}-/m);
});

test('refuses what is corrupt', async () => {
  const id = await build();
  const register = ['artifact', 'register', id, '--path', 'ami-1', '--backend', 'aws_ami', '--state', '10'];
  await cli([...register, '--name', 'bad', '--type', 'ami']);
  await cli(['artifact', 'verify', id, 'bad', '--found', 'corrupt']);
  const { code, stderr } = await cli(['artifact', 'promote', id, 'bad']);
  expect(code).toBe(4);
  expect(stderr).toMatch(/"bad" .* cannot be promoted: it is corrupt\. Produce it again/);
});
