import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('configures how a state is resumed, once', async () => {
  await cli(['project', 'create', project]);
  const needs = [
    '--required-artifact',
    'base-image',
    '--required-artifact',
    'ami',
    '--required-variable',
    'ami_id',
  ];
  const words = [
    'resumable-state',
    'create',
    project,
    'security-baseline',
    '--strategy',
    'rerun_state',
    ...needs,
  ];
  const { code, json } = await cli([
    ...words,
    '--command',
    './resume.sh',
    '--timeout',
    '30m',
    '--notes',
    'n',
    '--json',
  ]);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    state_code: 25,
    is_resumable: true,
    resume_strategy: 'rerun_state',
    required_artifacts: ['base-image', 'ami'],
    required_variables: ['ami_id'],
    resume_command: './resume.sh',
    resume_timeout_seconds: 1800,
  });
  expect((await cli(words)).code).toBe(4);
});
