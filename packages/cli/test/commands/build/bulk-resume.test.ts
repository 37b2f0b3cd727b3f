import { expect, test } from 'vitest';
import { succeeded, withServer } from '../../support/server.ts';

const server = withServer();
const { cli, project } = server;

async function failedBuild(number: string, error: string): Promise<string> {
  const id = await server.build(['-n', number]);
  succeeded(await cli(['build', 'add-state', id, '--state', '10']));
  succeeded(await cli(['build', 'fail', id, '--state', '25', '--error', error]));
  return id;
}

test('shows what would go on, then asks for it, and tells what was asked for before', async () => {
  const mirror = await failedBuild('1', 'mirror timed out');
  const disk = await failedBuild('2', 'no space left');
  const matching = ['build', 'bulk-resume', '--project', project, '--matching', 'timed out'];
  const dry = await cli([...matching, '--dry-run']);
  expect(dry.code).toBe(0);
  expect(dry.stdout).toMatch(new RegExp(`${project}:1 +25 .*would be requested +25 +mirror timed out`));
  expect(dry.stdout).not.toContain(`${project}:2`);

  const asked = await cli([...matching, '--reason', 'The mirror is back', '--json']);
  expect(asked.json).toMatchObject({ dry_run: false, examined: 2, next_cursor: null });
  expect(asked.json.results).toMatchObject([{ build_id: mirror, outcome: 'requested' }]);
  const { json } = await cli(['resume', 'list', mirror, '--json']);
  expect(json).toMatchObject([{ resume_reason: 'The mirror is back', request_source: 'cli' }]);

  const all = await cli(['build', 'bulk-resume', '--project', project, '--since', '1h', '--json']);
  const outcomes = all.json.results.map((one: { build_id: string; outcome: string }) => [
    one.build_id,
    one.outcome,
  ]);
  expect(outcomes).toEqual([
    [disk, 'requested'],
    [mirror, 'already_requested'],
  ]);
  const ids = await cli([...matching, '-o', 'id']);
  expect(ids.stdout).toBe(`${mirror}\n`);
});

test('ends with the code of what cannot go on', async () => {
  const { cli: own, project: other, build } = withServer();
  const id = await build();
  succeeded(await own(['build', 'fail', id, '--state', '25', '--error', 'x']));
  succeeded(await own(['resumable-state', 'create', other, '25', '--required-variable', 'ip']));
  const { code, stdout } = await own(['build', 'bulk-resume', '--project', other]);
  expect(code).toBe(9);
  expect(stdout).toContain('refused');
});

test('finds none where none is meant, and does not mean every failed build there is', async () => {
  const none = await cli(['build', 'bulk-resume', '--project', project, '--since', '2999-01-01T00:00:00Z']);
  expect(none.code).toBe(0);
  expect(none.stdout).toMatch(/^None of \d+ failed builds is meant\.\n$/);
  const everything = await cli(['build', 'bulk-resume', '--reason', 'x']);
  expect(everything.code).toBe(2);
  expect(everything.stderr).toContain('--project, --since or --matching');
  const pattern = await cli(['build', 'bulk-resume', '--matching', '(']);
  expect(pattern.code).toBe(2);
  expect(pattern.stderr).toContain('matching');
});
