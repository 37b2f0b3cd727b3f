import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('changes what is named and nothing else', async () => {
  await cli(['project', 'create', project, '-d', 'For tests', '--artifact-base', 's3://old']);
  const { json } = await cli(['project', 'update', project, '--artifact-base', 's3://new', '--json']);
  expect(json).toMatchObject({ artifact_base: 's3://new', description: 'For tests' });
  const patterns = [
    '--failure-pattern',
    'transient=mirror is syncing',
    '--failure-pattern',
    'persistent=no=luck',
  ];
  expect((await cli(['project', 'update', project, ...patterns, '--json'])).json.failure_patterns).toEqual([
    { pattern: 'mirror is syncing', category: 'transient' },
    { pattern: 'no=luck', category: 'persistent' },
  ]);
});

test('refuses to change nothing, and patterns without a category', async () => {
  expect((await cli(['project', 'update', project])).stderr).toMatch(/Say what is to be changed/);
  const { code, stderr } = await cli(['project', 'update', project, '--failure-pattern', 'sometimes=x']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/CATEGORY=PATTERN with one of transient, persistent, unknown/);
});
