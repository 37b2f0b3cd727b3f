import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { binaryIn } from '../support/binary.ts';
import { temporaryFolder } from '../support/cli.ts';

const bldst = binaryIn(temporaryFolder(), {
  BLDST_TRACKER: inject('tracker'),
  BLDST_API_KEY: 'dev-key-12345',
});
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test.each(['--version', '-v', 'version'])('%s prints the version', async (word) => {
  const { code, stdout } = await bldst([word]);
  expect([code, stdout]).toEqual([
    0,
    `bldst/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
  ]);
});

test('a command speaks to a server', async () => {
  const { code, stdout, stderr } = await bldst(['whoami', '--json']);
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ scopes: ['read', 'write'] });
});

test('a command works without a server, on the local store', async () => {
  const local = binaryIn(temporaryFolder());
  const created = await local(['build', 'create', '--project', 'linux', '--save', '-o', 'id']);
  expect(created.stderr).toMatch(/^Saved as the build of this folder/);
  expect((await local(['build', 'add-state', '--state', '10'])).code).toBe(0);
  const { stdout } = await local(['build', 'get', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ id: created.stdout.trim(), current_state: 10 });
});

test('errors of the local store have their exit codes, too', async () => {
  const local = binaryIn(temporaryFolder());
  const { code, stderr } = await local(['build', 'get', 'nobody:1']);
  expect(code).toBe(3);
  expect(stderr).toMatch(/\nTry: bldst build list\n$/);
});

test('stacks are shown only with DEBUG', async () => {
  const quiet = await bldst(['build', 'get', 'nobody:1']);
  expect(quiet.code).toBe(3);
  expect(quiet.stderr).not.toMatch(/\n {4}at /);
  expect((await bldst(['build', 'get', 'nobody:1'], { DEBUG: 'bldst*' })).stderr).toMatch(/\n {4}at /);
});

test('a typo is answered with the nearest command', async () => {
  const { code, stderr } = await bldst(['biuld', 'get']);
  expect(code).toBe(2);
  expect(stderr).toBe(
    'Error: There is no command "bldst biuld get". Did you mean "bldst build get"?\nTry: bldst help\n',
  );
});

test('yaml is loaded when it is wanted', async () => {
  expect((await bldst(['whoami', '-o', 'yaml'])).stdout).toContain('scopes:\n  - read\n  - write\n');
});
