import { beforeAll, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();
let id: string;

beforeAll(async () => {
  id = await build();
  const register = ['artifact', 'register', id, '--path', 'x-1', '--backend', 'elsewhere'];
  await cli([...register, '--state', '25', '--name', 'late', '--type', 'ami', '--final', '--no-resumable']);
  await cli([...register, '--state', '10', '--name', 'early', '--type', 'archive', '--size', '1536']);
});

const names = async (...words: string[]) =>
  (await cli(['artifact', 'list', id, '--json', ...words])).json.map(
    (one: { artifact_name: string }) => one.artifact_name,
  );

test('lists artifacts by state', async () => {
  const lines = (await cli(['artifact', 'list', id])).stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^Artifact ID +Name +Type +State Code +Size +Resumable +Verification +Path$/);
  expect(lines[1]).toMatch(/ early +archive +10 +1\.5 KiB +yes +unverified +x-1$/);
  expect(lines[2]).toMatch(/ late +ami +25 +- +no +unverified +x-1$/);
});

test('filters', async () => {
  expect(await names()).toEqual(['early', 'late']);
  expect(await names('--state', 'security-baseline')).toEqual(['late']);
  expect(await names('--type', 'archive')).toEqual(['early']);
  expect(await names('--name', 'late')).toEqual(['late']);
  expect(await names('--resumable')).toEqual(['early']);
  expect(await names('--no-resumable')).toEqual(['late']);
  expect(await names('--final')).toEqual(['late']);
});

test('an empty list is no error', async () => {
  expect((await cli(['artifact', 'list', await build()])).stdout).toBe('No artifacts.\n');
});
