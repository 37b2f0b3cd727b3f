import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { succeeded, withServer } from '../../support/server.ts';

const { cli, home, build } = withServer();

async function uploaded(...words: string[]): Promise<string> {
  const id = await build();
  writeFileSync(join(home, 'file'), 'bytes');
  succeeded(await cli(['artifact', 'upload', id, 'file', '--state', '10', '--name', 'image', ...words]));
  return id;
}

test('bytes that the server can reach are looked at, or hashed again', async () => {
  const id = await uploaded();
  expect((await cli(['artifact', 'verify', id, 'image'])).code).toBe(0);
  const deep = await cli(['artifact', 'verify', id, 'image', '--deep', '--json']);
  expect(deep.code).toBe(0);
  expect(deep.json).toMatchObject({ verification_status: 'verified' });
});

test.each(['missing', 'corrupt'])('%s bytes end with 6', async (found) => {
  const id = await uploaded();
  const { code, json } = await cli(['artifact', 'verify', id, 'image', '--found', found, '--json']);
  expect(code).toBe(6);
  expect(json).toMatchObject({ verification_status: found });
});

test('what is not there any more is missing', async () => {
  const folder = join(home, 'store');
  const id = await uploaded('--to', `file://${folder}`);
  rmSync(folder, { recursive: true });
  const { code, json } = await cli(['artifact', 'verify', id, 'image', '--json']);
  // The server does not look into folders that its operator did not name.
  expect([code, json.verification_status]).not.toEqual([0, 'verified']);
});
