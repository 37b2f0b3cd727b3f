import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('shows the five columns that scripts know, of resumable artifacts alone', async () => {
  const id = await build();
  const register = [
    'artifact',
    'register',
    id,
    '--path',
    'x-1',
    '--backend',
    'elsewhere',
    '--state',
    '10',
    '--type',
    'ami',
  ];
  await cli([...register, '--name', 'good', '--size', '2048']);
  await cli([...register, '--name', 'other', '--no-resumable']);
  const lines = (await cli(['artifact', 'list-resumable', id])).stdout.trimEnd().split('\n');
  expect(lines[0]?.split(/ {2,}/)).toEqual(['Artifact ID', 'Name', 'Type', 'State Code', 'Size']);
  expect(lines[1]?.split(/ {2,}/).slice(1)).toEqual(['good', 'ami', '10', '2 KiB']);
  expect(lines).toHaveLength(2);
});

test('says when there are none', async () => {
  expect((await cli(['artifact', 'list-resumable', await build()])).stdout).toBe('No resumable artifacts.\n');
});
