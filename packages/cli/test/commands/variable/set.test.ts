import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, home, build } = withServer();

test('sets one or several, and replaces what is there', async () => {
  const id = await build();
  const one = await cli([
    'variable',
    'set',
    id,
    'ami_id=ami-1',
    '--required-for-resume',
    '--state',
    'kickstart',
    '--json',
  ]);
  expect(one.json).toMatchObject({
    variable_key: 'ami_id',
    variable_value: 'ami-1',
    is_required_for_resume: true,
    set_at_state: 5,
  });
  expect((await cli(['variable', 'set', id, 'ami_id=ami-2', 'region=a=b', '--json'])).json).toHaveLength(2);
  expect((await cli(['variable', 'get', id, 'ami_id'])).stdout).toBe('ami-2\n');
  expect((await cli(['variable', 'get', id, 'region'])).stdout).toBe('a=b\n');
});

test('takes JSON', async () => {
  const id = await build();
  const { json } = await cli(['variable', 'set', id, 'disks=["a","b"]', '--type', 'json', '--json']);
  expect(JSON.parse(json.variable_value)).toEqual(['a', 'b']);
  expect((await cli(['variable', 'set', id, 'disks=[', '--type', 'json'])).code).toBe(2);
});

test('the build may be left out where it is known', async () => {
  const id = await build();
  await cli(['variable', 'set', 'a=1'], { env: { BLDST_BUILD_ID: id } });
  expect((await cli(['variable', 'get', id, 'a'])).stdout).toBe('1\n');
});

describe('a sensitive value', () => {
  test('comes from standard input or a file, and is shown nowhere', async () => {
    const id = await build();
    writeFileSync(join(home, 'secret'), 'from-file\n');
    const input = await cli(['variable', 'set', id, 'one=-', '--sensitive', '--json'], {
      stdin: 'from-stdin\n',
    });
    const file = await cli(['variable', 'set', id, 'two=@secret', '--sensitive']);
    for (const { code, stdout, stderr } of [input, file, await cli(['variable', 'list', id, '--json'])]) {
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/from-(stdin|file)/);
    }
    expect(file.stderr).toBe('');
    expect((await cli(['variable', 'get', id, 'one'])).stdout).toBe('from-stdin\n');
    expect((await cli(['variable', 'get', id, 'two'])).stdout).toBe('from-file\n');
  });

  test('on the command line draws a warning', async () => {
    const { code, stderr } = await cli(['variable', 'set', await build(), 'one=visible', '--sensitive']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: .*KEY=- or KEY=@FILE/);
    expect(stderr).not.toContain('visible');
  });
});

test.each([
  [['x'], /Set what\?/],
  [['b', 'x'], /"x" is not KEY=VALUE/],
  [['b', '1x=y'], /variable_key/],
])('%j are refused', async (words, message) => {
  const id = await build();
  const { code, stderr } = await cli(['variable', 'set', ...words.map((word) => (word === 'b' ? id : word))]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
