import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

async function registered(): Promise<string> {
  const id = await build();
  const words = [
    '--path',
    'ami-1',
    '--backend',
    'aws_ami',
    '--state',
    '10',
    '--type',
    'ami',
    '--name',
    'golden',
  ];
  await cli(['artifact', 'register', id, ...words, '--metadata', '{"a":1}']);
  return id;
}

test('changes what is named and nothing else', async () => {
  const id = await registered();
  const { json } = await cli(['artifact', 'update', id, 'golden', '--final', '--no-resumable', '--json']);
  expect(json).toMatchObject({
    artifact_name: 'golden',
    is_final: true,
    is_resumable: false,
    metadata: { a: 1 },
  });
  expect(
    (await cli(['artifact', 'update', id, 'golden', '--no-final', '-n', 'renamed', '--json'])).json,
  ).toMatchObject({
    artifact_name: 'renamed',
    is_final: false,
  });
});

test('sets an expiry and takes it away', async () => {
  const id = await registered();
  const set = await cli(['artifact', 'update', id, 'golden', '--expires', '2099-01-01T00:00:00Z', '--json']);
  expect(set.json.expires_at).toBe('2099-01-01T00:00:00.000Z');
  expect(
    (await cli(['artifact', 'update', id, 'golden', '--expires', 'never', '--json'])).json.expires_at,
  ).toBeNull();
});

test('refuses to change nothing', async () => {
  const { code, stderr } = await cli(['artifact', 'update', await registered(), 'golden']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/Say what is to be changed/);
});
