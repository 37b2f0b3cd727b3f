import { expect, test } from 'vitest';
import { cliIn } from '../../support/cli.ts';
import { withServer } from '../../support/server.ts';

const { cli, build, project, home } = withServer();

test('follows the events of a project from a time on', async () => {
  const id = await build();
  const watching = cli(['events', 'watch', '-p', project, '--since', '1h', '--most', '3']);
  await cli(['build', 'add-state', id, '--state', '10']);
  await cli(['build', 'fail', id, '--state', '15', '--error', 'no disk']);
  const { code, stdout } = await watching;
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ {2}/)[2])).toEqual([
    'build.created',
    'state.completed',
    'state.failed',
  ]);
  for (const line of lines) expect(line).toMatch(new RegExp(`Z {2}${project}:\\S+ {2}`));
});

test('gives machines positions to go on from, and can leave types out', async () => {
  const id = await build();
  const all = await cli(['events', 'watch', '-p', project, '--after', '0', '--most', '1', '--json']);
  const first = JSON.parse(all.stdout);
  const rest = await cli([
    ...['events', 'watch', '-p', project, '--after', first.position],
    ...['--type', 'build.*', '--most', '1', '--json'],
  ]);
  expect(JSON.parse(rest.stdout)).toMatchObject({ type: 'build.failed', project });
  const refused = await cli(['events', 'watch', '--after', 'nowhere']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('is not a position of this stream');
  await cli(['build', 'delete', id, '--yes']);
});

test('ends after a time with 10, and says where there is nothing to follow', async () => {
  expect((await cli(['events', 'watch', '-p', project, '--timeout', '200ms'])).code).toBe(10);
  const local = cliIn(home, { env: { BLDST_TRACKER: `file://${home}/files` } });
  const { code, stderr } = await local(['events', 'watch']);
  expect(code).toBe(2);
  expect(stderr).toContain('has no order of events over all builds');
});
