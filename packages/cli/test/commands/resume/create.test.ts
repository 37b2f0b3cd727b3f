import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('asks for the same as "build resume", and answers the same request', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '30']);
  await cli(['build', 'fail', id, '--state', '35', '--error', 'x']);
  const { code, json } = await cli([
    'resume',
    'create',
    id,
    '--from-state',
    '30',
    '--reason',
    'why',
    '--json',
  ]);
  expect(code).toBe(0);
  expect(json).toMatchObject({ build_id: id, resume_from_state: 30, resume_reason: 'why' });
  expect((await cli(['build', 'resume', id, '-o', 'id'])).stdout).toBe(`${json.id}\n`);
});

test('its help names itself, not the other command', async () => {
  const { stdout } = await cli(['resume', 'create', '--help']);
  expect(stdout).toContain('bldst resume create linux:42');
  expect(stdout).not.toContain('bldst build resume');
});
