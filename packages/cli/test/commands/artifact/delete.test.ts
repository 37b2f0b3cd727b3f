import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();
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

test('deletes a record, which can still be listed', async () => {
  const id = await build();
  await cli(['artifact', 'register', id, ...words]);
  expect(await cli(['artifact', 'delete', id, 'golden'])).toMatchObject({
    code: 0,
    stdout: 'Deleted the artifact golden.\n',
  });
  expect((await cli(['artifact', 'list', id, '--json'])).json).toEqual([]);
  expect((await cli(['artifact', 'list', id, '--include-deleted', '--json'])).json).toHaveLength(1);
  expect((await cli(['artifact', 'delete', id, 'golden'])).code).toBe(3);
});

test('needs the admin scope', async () => {
  const writer = withServer('dev-key-12345');
  const id = await writer.build();
  await writer.cli(['artifact', 'register', id, ...words]);
  expect((await writer.cli(['artifact', 'delete', id, 'golden'])).code).toBe(5);
});
