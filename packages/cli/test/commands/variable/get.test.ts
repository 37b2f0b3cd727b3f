import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('prints the value alone, or all of it', async () => {
  const id = await build();
  await cli(['variable', 'set', id, 'ami.id=a b']);
  expect((await cli(['variable', 'get', id, 'ami.id'])).stdout).toBe('a b\n');
  expect((await cli(['variable', 'get', id, 'ami.id', '-o', 'env'])).stdout).toBe("BLDST_VAR_AMI_ID='a b'\n");
  expect((await cli(['variable', 'get', id, 'ami.id', '--json'])).json).toMatchObject({
    variable_type: 'string',
  });
});

test('a sensitive value needs the write scope', async () => {
  const id = await build();
  await cli(['variable', 'set', id, 'key=-', '--sensitive'], { stdin: 'hidden' });
  const reader = withServer('readonly-key-888');
  const { code, stdout, stderr } = await reader.cli(['variable', 'get', id, 'key']);
  expect(code).toBe(5);
  expect(stdout + stderr).not.toContain('hidden');
});

test('an unknown one is not found', async () => {
  const id = await build();
  const { code, stderr } = await cli(['variable', 'get', id, 'nothing']);
  expect(code).toBe(3);
  expect(stderr).toContain(`Try: bldst variable list ${id}\n`);
});
