import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project, build } = withServer();

test('adds a step between two others, and changes it by its name', async () => {
  const id = await build();
  const words = [
    '--name',
    'firewall-config',
    '--alias',
    'firewall',
    '--display-name',
    'Firewall',
    '--expected',
    '5m',
  ];
  const added = await cli([
    'state-code',
    'set',
    project,
    '42',
    ...words,
    '--after',
    'network-config',
    '--json',
  ]);
  expect(added.json).toMatchObject({
    state_code: 42,
    name: 'firewall-config',
    aliases: ['firewall'],
    prerequisites: [40],
    expected_duration_seconds: 300,
  });
  const changed = await cli(['state-code', 'set', project, 'firewall', '-d', 'Rules', '--json']);
  expect(changed.json).toMatchObject({ state_code: 42, description: 'Rules', aliases: ['firewall'] });
  await cli(['build', 'add-state', id, '--state', '40']);
  expect((await cli(['build', 'add-state', id, '--state', 'firewall', '--json'])).json.state).toBe(42);
});

test('a name that nobody knows is answered with the nearest', async () => {
  const { code, stderr } = await cli(['state-code', 'set', project, 'netwrk-config', '-d', 'x']);
  expect(code).toBe(3);
  expect(stderr).toContain('Did you mean network-config?');
});
