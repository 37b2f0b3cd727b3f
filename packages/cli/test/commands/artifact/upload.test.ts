import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { succeeded, withServer } from '../../support/server.ts';

const { cli, home, build } = withServer();
const bytes = randomBytes(300_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const file = join(home, 'base.qcow2');
writeFileSync(file, bytes);

test('stores a file with its SHA-256 and registers it', async () => {
  const id = await build();
  const words = [
    'artifact',
    'upload',
    id,
    'base.qcow2',
    '--state',
    '10',
    '--name',
    'base-image',
    '--type',
    'disk_image',
  ];
  const { json } = succeeded(
    await cli([...words, '--final', '--expires', '7d', '--metadata', '{"a":1}', '--json']),
  );
  expect(json).toMatchObject({
    artifact_name: 'base-image',
    artifact_type: 'disk_image',
    state_code: 10,
    size_bytes: bytes.length,
    checksum_algorithm: 'sha256',
    is_final: true,
    is_resumable: true,
  });
  expect(json.checksum).toContain(sha256);
  expect(json.metadata).toMatchObject({ a: 1 });
  expect(json.expires_at).not.toBeNull();
});

test('is called after its file unless told otherwise, and takes the state by its name', async () => {
  const id = await build();
  const words = ['artifact', 'upload', id, file, '--state', 'base-config', '--no-resumable'];
  const { stdout } = succeeded(await cli(words));
  expect(stdout).toContain(sha256);
  const { json } = await cli(['artifact', 'get', id, 'base.qcow2', '--json']);
  expect(json).toMatchObject({ state_code: 15, is_resumable: false });
});

test('reads standard input', async () => {
  const id = await build();
  const upload = ['artifact', 'upload', id, '-', '--state', '10'];
  expect((await cli(upload, { stdin: 'x' })).stderr).toMatch(/needs a name/);
  const { json } = succeeded(await cli([...upload, '--name', 'note', '--json'], { stdin: 'hello' }));
  expect(json.size_bytes).toBe(5);
});

test('completes the state with it in the same change', async () => {
  const id = await build();
  const words = ['artifact', 'upload', id, file, '--state', '10', '--complete', '-m', 'made', '--json'];
  succeeded(await cli(words));
  const { json } = await cli(['build', 'history', id, '--json']);
  expect(json[0]).toMatchObject({
    state: 10,
    status: 'completed',
    message: 'made',
    artifact_size_bytes: bytes.length,
  });
});

test('stores elsewhere with --to', async () => {
  const id = await build();
  const to = `file://${join(home, 'store')}`;
  const { json } = succeeded(
    await cli(['artifact', 'upload', id, file, '--state', '10', '--to', to, '--json']),
  );
  expect(json.artifact_path).toMatch(/^file:\/\//);
  expect(readFileSync(new URL(json.artifact_path))).toEqual(bytes);
});

test('progress goes to standard error, as records when that is wanted', async () => {
  const id = await build();
  const words = ['artifact', 'upload', id, file, '--state', '10', '--progress', 'json', '--json'];
  const { stdout, stderr } = succeeded(await cli(words));
  expect(JSON.parse(stdout)).toMatchObject({ size_bytes: bytes.length });
  const records = stderr.split('\u001e').slice(1);
  expect(JSON.parse(records.at(-1) ?? '')).toMatchObject({
    event: 'uploading',
    transferred_bytes: bytes.length,
    total_bytes: bytes.length,
  });
});

test('a file that is not there, and a name that is taken, are refused', async () => {
  const id = await build();
  const missing = await cli(['artifact', 'upload', id, 'nowhere.img', '--state', '10']);
  expect(missing.code).toBeGreaterThan(0);
  expect(missing.stderr).toContain('nowhere.img');
  expect((await cli(['artifact', 'list', id, '--json'])).json).toEqual([]);
  succeeded(await cli(['artifact', 'upload', id, file, '--state', '10', '--name', 'one']));
  writeFileSync(join(home, 'other'), 'other');
  expect((await cli(['artifact', 'upload', id, 'other', '--state', '10', '--name', 'one'])).code).toBe(4);
  succeeded(await cli(['artifact', 'upload', id, 'other', '--state', '10', '--name', 'one', '--replace']));
});
