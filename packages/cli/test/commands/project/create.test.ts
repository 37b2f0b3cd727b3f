import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('creates a project, once', async () => {
  const words = [
    'project',
    'create',
    project,
    '-d',
    'For tests',
    '--artifact-base',
    's3://b/p',
    '--settings',
    '{"a":1}',
  ];
  const { code, json } = await cli([...words, '--json']);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    name: project,
    description: 'For tests',
    artifact_base: 's3://b/p',
    settings: { a: 1 },
  });
  expect((await cli(['project', 'create', project])).code).toBe(4);
});

test('is part of another one, by its name', async () => {
  const parent = (await cli(['project', 'create', `${project}-above`, '-o', 'id'])).stdout.trim();
  const { json } = await cli([
    'project',
    'create',
    `${project}-below`,
    '--parent',
    `${project}-above`,
    '--json',
  ]);
  expect(json.parent_project_id).toBe(parent);
  expect((await cli(['project', 'create', 'x', '--parent', 'nobody'])).code).toBe(3);
});

test('refuses names that cannot be written in a path', async () => {
  const { code, stderr } = await cli(['project', 'create', 'a/b']);
  expect(code).toBe(2);
  expect(stderr).toContain('name');
});
