import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bashIn } from '../../support/binary.ts';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

const home = temporaryFolder();
const cli = cliIn(home);
const bytes = randomBytes(3 * 1024 * 1024 + 7);
const checksum = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
writeFileSync(join(home, 'base.img'), bytes);

test('prints the checksum of a file in the form that --checksum takes', async () => {
  const { code, stdout, stderr } = await cli(['artifact', 'checksum', 'base.img']);
  expect([code, stdout, stderr]).toEqual([0, `${checksum}\n`, '']);
  expect((await cli(['artifact', 'checksum', 'base.img', '--json'])).json).toEqual({
    file: 'base.img',
    checksum,
    checksum_algorithm: 'sha256',
    size_bytes: bytes.length,
  });
  expect((await cli(['artifact', 'checksum', 'base.img', '-o', 'id'])).stdout).toBe(`${checksum}\n`);
});

test('reads standard input, and pipes that look like files', async () => {
  const { stdout } = await bashIn(home)(
    'bldst artifact checksum - < base.img; bldst artifact checksum <(cat base.img)',
  );
  expect(stdout).toBe(`${checksum}\n${checksum}\n`);
});

test('shows machines how far it is', async () => {
  const { stderr } = await cli(['artifact', 'checksum', 'base.img', '--progress', 'json']);
  const records = stderr.split('\u001e').filter((text) => text !== '');
  expect(JSON.parse(records.at(-1) ?? '')).toMatchObject({
    event: 'hashing',
    transferred_bytes: bytes.length,
    total_bytes: bytes.length,
  });
});

test('says what cannot be read', async () => {
  const missing = await cli(['artifact', 'checksum', 'nothing.img']);
  expect([missing.code, missing.stderr]).toEqual([3, `Error: There is no file ${home}/nothing.img.\n`]);
  mkdirSync(join(home, 'folder'));
  const folder = await cli(['artifact', 'checksum', 'folder']);
  expect(folder.code).toBe(2);
  expect(folder.stderr).toContain('is a folder');
});

test('a file that changes meanwhile has no checksum', async () => {
  let changed = false;
  const { code, stdout, stderr } = await cli(['artifact', 'checksum', 'base.img', '--progress', 'json'], {
    now: () => {
      if (!changed) writeFileSync(join(home, 'base.img'), randomBytes(9), { flag: 'a' });
      changed = true;
      return Date.now();
    },
  });
  expect([code, stdout]).toEqual([6, '']);
  expect(stderr).toContain('changed while it was read');
});
