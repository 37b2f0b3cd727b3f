import { beforeAll, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build, project } = withServer();
const digest = 'ab'.repeat(32);

beforeAll(async () => {
  for (const number of ['1', '2']) {
    const id = await build(['-n', number]);
    const place = ['--path', `s3://b/${number}`, '--backend', 's3', '--state', '10', '--checksum', digest];
    await cli(['artifact', 'register', id, '--name', `image-${number}`, '--type', 'disk_image', ...place]);
  }
});

const names = async (...words: string[]) =>
  (await cli(['artifact', 'search', '--project', project, '--json', ...words])).json.map(
    (one: { artifact_name: string }) => one.artifact_name,
  );

test('finds artifacts of all builds by text and digest, newest first', async () => {
  expect(await names()).toEqual(['image-2', 'image-1']);
  expect(await names('IMAGE-1')).toEqual(['image-1']);
  expect(await names('--checksum', `sha256:${digest}`)).toEqual(['image-2', 'image-1']);
  expect(await names('--type', 'log')).toEqual([]);
  expect(await names('--final')).toEqual([]);
  expect(await names('--no-pinned', '--limit', '1')).toEqual(['image-2']);
});

test('shows the build of each', async () => {
  const lines = (await cli(['artifact', 'search', '--project', project])).stdout.split('\n');
  expect(lines[0]).toMatch(/^Artifact ID +Build +Name +Type +State +Size +Age +Checksum$/);
  expect(lines[1]).toContain(`${project}:2`);
});

test('refuses a digest that is none', async () => {
  const { code, stderr } = await cli(['artifact', 'search', '--checksum', 'xyz']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/checksum must be sha256/);
});
