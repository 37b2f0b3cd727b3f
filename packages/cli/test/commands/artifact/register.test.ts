import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();
const ami = [
  '--state',
  '30',
  '--name',
  'golden',
  '--type',
  'ami',
  '--path',
  'ami-0abc',
  '--backend',
  'aws_ami',
];

test.each(['register', 'create'])('"artifact %s" registers a cloud object', async (verb) => {
  const id = await build();
  const words = [
    'artifact',
    verb,
    id,
    ...ami,
    '--region',
    'us-east-1',
    '--final',
    '--no-resumable',
    '--json',
  ];
  const { code, json } = await cli(words);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    artifact_name: 'golden',
    artifact_type: 'ami',
    artifact_path: 'ami-0abc',
    storage_backend: 'aws_ami',
    storage_region: 'us-east-1',
    is_final: true,
    is_resumable: false,
    verification_status: 'unverified',
  });
});

test('keeps checksum, size and place', async () => {
  const id = await build();
  const place = ['--bucket', 'images', '--key', 'a/b', '--size', '9', '--content-type', 'text/plain'];
  const sum = ['--checksum', 'b'.repeat(64), '--checksum-algorithm', 'sha256'];
  const { json } = await cli(['artifact', 'register', id, ...ami, ...place, ...sum, '--json']);
  expect(json).toMatchObject({
    storage_bucket: 'images',
    storage_key: 'a/b',
    size_bytes: 9,
    checksum_algorithm: 'sha256',
  });
});

test('warns of MD5, on standard error', async () => {
  const id = await build();
  const { code, stderr } = await cli([
    'artifact',
    'register',
    id,
    ...ami,
    '--checksum',
    `md5:${'a'.repeat(32)}`,
  ]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^Warning: .*MD5/m);
});

test('all of the required flags are asked for at once', async () => {
  const { code, stderr } = await cli(['artifact', 'register', await build(), '--state', '30']);
  expect(code).toBe(2);
  for (const flag of ['name', 'type', 'path', 'backend'])
    expect(stderr).toContain(`Missing required flag --${flag}.`);
});

test('a taken name is a conflict', async () => {
  const id = await build();
  await cli(['artifact', 'register', id, ...ami]);
  expect((await cli(['artifact', 'register', id, ...ami.with(7, 'ami-other')])).code).toBe(4);
});
