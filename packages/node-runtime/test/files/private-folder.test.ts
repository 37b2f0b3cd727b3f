import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, NoSpaceError } from '@buildstate/core';
import { expect, it } from 'vitest';
import { spaceErrorOf } from '../../src/files/space-error.ts';
import { makePrivateFolder } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

it('is made for its owner alone, and stays when it is there', async () => {
  const folder = join(temporaryFolder(), 'a', 'b');
  await makePrivateFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  chmodSync(folder, 0o755);
  await makePrivateFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o755);
});

it.each([
  ['file', 'there is a file of this name'],
  ['file/below', 'a folder above it is a file'],
])('that cannot be at %s is a wrong setting, and says what to do', async (name, reason) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const making = makePrivateFolder(join(folder, name));
  await expect(making).rejects.toThrow(ConfigurationError);
  await expect(making).rejects.toThrow(`${join(folder, name)} cannot be made: ${reason}`);
  await expect(making).rejects.toThrow(/--data-dir or BLDST_DATA_DIR/);
});

it.each(['ENOSPC', 'EDQUOT'])('%s is a lack of space, other codes are not', (code) => {
  const error = spaceErrorOf(Object.assign(new Error('failed'), { code }), '/data/file');
  expect(error).toBeInstanceOf(NoSpaceError);
  expect(error?.message).toContain('/data/file');
  expect(spaceErrorOf(Object.assign(new Error('failed'), { code: 'EIO' }), '/data/file')).toBeUndefined();
});
