import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('completes a state by its code or name', async () => {
  const id = await build();
  expect((await cli(['build', 'add-state', id, '--state', '10', '--json'])).json).toMatchObject({
    state: 10,
    status: 'completed',
    build_status: 'running',
  });
  const named = await cli([
    'build',
    'update-state',
    id,
    '--state',
    'package-installation',
    '-m',
    'installed',
    '--json',
  ]);
  expect(named.json).toMatchObject({ state: 25, status: 'completed', message: 'installed' });
});

test('records what was made', async () => {
  const id = await build();
  const artifact = ['--storage-type', 's3', '--storage-path', 's3://b/k', '--artifact-size', '7'];
  const sum = `sha256:${'a'.repeat(64)}`;
  const words = [
    'build',
    'add-state',
    id,
    '--state',
    '10',
    ...artifact,
    '--checksum',
    sum,
    '--artifact-name',
    'base',
  ];
  const { json } = await cli([...words, '--artifact-metadata', '{"format":"qcow2"}', '--json']);
  expect(json).toMatchObject({
    artifact_storage_type: 's3',
    artifact_storage_path: 's3://b/k',
    artifact_size_bytes: 7,
    artifact_metadata: { format: 'qcow2' },
  });
  expect((await cli(['artifact', 'get', id, 'base', '--json'])).json.id).toBe(json.artifact_id);
});

test('records how it went', async () => {
  const id = await build();
  const started = await cli([
    'build',
    'add-state',
    id,
    '--state',
    '10',
    '--status',
    'started',
    '--reported-by',
    'me',
  ]);
  expect(started.stdout).toMatch(/^State 10 - base-image-created: in_progress, attempt 1\n/);
  const failed = await cli([
    'build',
    'add-state',
    id,
    '--state',
    '10',
    '-s',
    'failed',
    '--error',
    'Disk full',
    '--code',
    'ENOSPC',
    '--component',
    'packer',
    '--reported-by',
    'me',
    '--json',
  ]);
  expect(failed.json).toMatchObject({ status: 'failed', error_message: 'Disk full', component: 'packer' });
  expect(failed.json.retry_decision).toMatchObject({ max_attempts: 5 });
});

test('the same event counts once', async () => {
  const id = await build();
  const words = ['build', 'add-state', id, '--state', '10', '--event-id', randomUUID(), '--json'];
  expect((await cli(words)).json.id).toBe((await cli(words)).json.id);
});

test("takes over somebody else's open attempt only when told to", async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '10', '-s', 'started', '--reported-by', 'job-1']);
  const again = ['build', 'add-state', id, '--state', '10', '-s', 'started', '--reported-by', 'job-2'];
  const refused = await cli(again);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toMatch(new RegExp(`Try: bldst build get ${id}\n$`));
  expect((await cli([...again, '--takeover', '--json'])).json).toMatchObject({
    attempt: 2,
    status: 'in_progress',
  });
});

test('a token that is not the present one is refused', async () => {
  const id = await build();
  await cli(['build', 'lease', id]);
  const words = ['build', 'add-state', id, '--state', '10'];
  expect((await cli(words)).code).toBe(4);
  expect((await cli(words, { env: { BLDST_LEASE_TOKEN: '99' } })).code).toBe(4);
  expect((await cli(words, { env: { BLDST_LEASE_TOKEN: '1' } })).code).toBe(0);
});

describe('is refused', () => {
  test.each([
    [['--state', '101'], 2, /101 is not a state/],
    [['--state', '-1'], 2, /-1 is not a state/],
    [['--state', '12.5'], 2, /12.5 is not a state/],
    [[], 2, /Which state\?/],
    [['--state', 'bse-config'], 3, /base-config/],
    [['--state', '10', '--metadata', '[]'], 2, /--metadata must be a JSON object/],
    [['--state', '10', '--status', 'nope'], 2, /--status=nope to be one of/],
    [['--state', '10', '--storage-path', 's3://x'], 2, /storage-type/],
    [['--state', '10', '--staus', 'failed'], 2, /There is no flag --staus. Did you mean --status/],
  ])('with %j: exit code %d', async (words, code, message) => {
    const result = await cli(['build', 'add-state', await build(), ...words]);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
    expect(result.stdout).toBe('');
  });

  test('when the transition is not allowed', async () => {
    const id = await build();
    await cli(['build', 'add-state', id, '--state', '30']);
    const { code, stderr } = await cli(['build', 'add-state', id, '--state', '20']);
    expect(code).toBe(4);
    expect(stderr).toContain(`Try: bldst build history ${id}\n`);
  });

  test('when the key may only read', async () => {
    const id = await build();
    const reader = withServer('readonly-key-888');
    const { code, stderr } = await reader.cli(['build', 'add-state', id, '--state', '10']);
    expect(code).toBe(5);
    expect(stderr).toContain('Try: bldst whoami');
  });
});

describe('while the tracker is away', () => {
  const away = { env: { BLDST_TRACKER: 'http://127.0.0.1:9', BLDST_API_KEY: 'x' } };

  test('a report fails', async () => {
    const { code, stderr } = await cli(['build', 'add-state', 'p:1', '--state', '10'], away);
    expect(code).toBe(7);
    expect(stderr).toContain('Try: bldst health');
  });

  test('a report is kept on disk when that is wanted', async () => {
    const { code, json, stderr } = await cli(
      ['build', 'add-state', 'p:1', '--state', '10', '--spool', '--json'],
      away,
    );
    expect(code).toBe(0);
    expect(json).toMatchObject({ delivered: false, waiting: 1 });
    expect(stderr).toMatch(/kept on disk/);
  });
});
