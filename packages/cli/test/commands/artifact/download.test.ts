import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { succeeded, withServer } from '../../support/server.ts';

const { cli, home, build } = withServer();
let id: string;

beforeAll(async () => {
  id = await build();
  writeFileSync(join(home, 'a'), 'made at 10');
  writeFileSync(join(home, 'b'), 'made at 25');
  const to = ['--to', `file://${join(home, 'store')}`];
  for (const [file, state] of [
    ['a', '10'],
    ['b', '25'],
  ] as const) {
    succeeded(
      await cli([
        'artifact',
        'upload',
        id,
        file,
        '--state',
        state,
        '--name',
        `image-${file}`,
        '--complete',
        ...to,
      ]),
    );
  }
});

const read = (name: string) => readFileSync(join(home, name), 'utf8');

test('fetches an artifact by its name, to the file that is named', async () => {
  const { stdout } = succeeded(await cli(['artifact', 'download', id, 'image-a', 'out-1']));
  expect(read('out-1')).toBe('made at 10');
  expect(stdout).toMatch(/^Verified: +image-a\n/);
  succeeded(await cli(['artifact', 'download', id, 'image-b', '--output-file', 'out-2']));
  expect(read('out-2')).toBe('made at 25');
});

test('fetches the newest that can be resumed from, of all or at or before a state', async () => {
  succeeded(await cli(['artifact', 'download', id, '--latest', '--output-file', 'out-3']));
  expect(read('out-3')).toBe('made at 25');
  succeeded(await cli(['artifact', 'download', id, 'out-4', '--state', '20']));
  expect(read('out-4')).toBe('made at 10');
});

test('the build may be left out where it is known', async () => {
  const env = { BLDST_BUILD_ID: id };
  succeeded(await cli(['artifact', 'download', 'image-a', 'out-5'], { env }));
  expect(read('out-5')).toBe('made at 10');
});

test('checks without keeping anything', async () => {
  const { json } = succeeded(await cli(['artifact', 'download', id, 'image-a', '--verify-only', '--json']));
  expect(json).toMatchObject({ verified: true, path: null, size_bytes: 10 });
});

test('replaces a file only with --force', async () => {
  writeFileSync(join(home, 'mine'), 'precious');
  const refused = await cli(['artifact', 'download', id, 'image-a', 'mine']);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain(`Try: bldst artifact download ${id} image-a mine --force\n`);
  expect(read('mine')).toBe('precious');
  succeeded(await cli(['artifact', 'download', id, 'image-a', 'mine', '--force']));
  expect(read('mine')).toBe('made at 10');
});

test('damaged bytes end with 6, and nothing is at the target', async () => {
  const { json } = await cli(['artifact', 'get', id, 'image-b', '--json']);
  const stored = fileURLToPath(json.artifact_path);
  const good = readFileSync(stored);
  writeFileSync(stored, 'MADE AT 25');
  const { code, stderr } = await cli(['artifact', 'download', id, 'image-b', 'damaged']);
  writeFileSync(stored, good);
  expect(code).toBe(6);
  expect(stderr).toMatch(/Try: bldst artifact verify --help/);
  expect(existsSync(join(home, 'damaged'))).toBe(false);
});

test('says what is missing', async () => {
  expect((await cli(['artifact', 'download', id])).stderr).toMatch(/Which artifact\?/);
  expect((await cli(['artifact', 'download', id, '--latest'])).stderr).toMatch(/Where to\?/);
  expect((await cli(['artifact', 'download', id, 'nothing', 'x'])).code).toBe(3);
  expect((await cli(['artifact', 'download', id, 'image-a', 'x', '--output-file', 'y'])).code).toBe(2);
});
