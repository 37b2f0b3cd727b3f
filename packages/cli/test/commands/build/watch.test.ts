import { expect, test } from 'vitest';
import { cliIn } from '../../support/cli.ts';
import { withServer } from '../../support/server.ts';

const { cli, build, project, home } = withServer();

test('shows the history and then what happens, and ends with the build', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '10']);
  const watching = cli(['build', 'watch', id]);
  await cli(['build', 'add-state', id, '--state', '15', '--status', 'started']);
  await cli(['build', 'add-state', id, '--state', '100']);
  const { code, stdout, stderr } = await watching;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  const types = lines.map((line) => line.split(/ +/)[1]);
  expect(types).toEqual([
    'build.created',
    'state.completed',
    'state.started',
    'state.completed',
    'state.completed',
    'build.completed',
  ]);
  expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}state\.completed {2}state 10, attempt 1/);
});

test('says what is left where that can be estimated, and not among the events', async () => {
  const id = await build();
  await cli(['state-code', 'set', project, '100', '--name', 'delivered', '--expected', '1h']);
  await cli(['build', 'add-state', id, '--state', '95']);
  await cli(['build', 'fail', id, '--state', '100', '--error', 'Permission denied']);
  const piped = await cli(['build', 'watch', id]);
  expect(piped.code).toBe(1);
  expect(piped.stdout).not.toContain('left');
  expect(piped.stderr).toMatch(/^State 95 - \S.*: about 1h 0m left\n$/);
  expect((await cli(['build', 'watch', id, '--json'])).stderr).toBe(piped.stderr);
  const shown = await cli(['build', 'watch', id], { terminal: true, env: { COLUMNS: '200' } });
  expect(shown.stdout).toContain(', about 1h 0m left');
  expect(shown.stderr).toBe('');
});

test('gives machines the events themselves, one a line', async () => {
  const id = await build();
  await cli(['build', 'cancel', id]);
  const { code, stdout } = await cli(['build', 'watch', id, '--json']);
  expect(code).toBe(1);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toEqual((await cli(['events', 'list', id, '--json'])).json);
});

test('ends with 1 when the build fails, unless it is going to be tried again and that is waited for', async () => {
  const id = await build();
  await cli(['build', 'fail', id, '--state', '25', '--error', 'Connection timed out']);
  expect((await cli(['build', 'watch', id])).code).toBe(1);
  const watching = cli(['build', 'watch', id, '--retries']);
  await cli(['build', 'retry', id, '--reason', 'by hand']);
  await cli(['build', 'add-state', id, '--state', '100']);
  expect((await watching).code).toBe(0);
});

test('gives up after a time, with 10, and says so', async () => {
  const { code, stderr } = await cli(['build', 'watch', await build(), '--timeout', '300ms']);
  expect(code).toBe(10);
  expect(stderr).toContain('has not ended within 300ms');
  expect((await cli(['build', 'watch', 'nobody:1'])).code).toBe(3);
});

test.each(['store.db', 'folder', 'files'])('works on a store that is opened here: %s', async (name) => {
  const scheme = name === 'files' ? 'file' : 'sqlite';
  const local = cliIn(home, { env: { BLDST_TRACKER: `${scheme}://${home}/${name}` } });
  const id = (await local(['build', 'create', '--project', 'p', '-o', 'id'])).stdout.trim();
  const watching = local(['build', 'watch', id, '-o', 'json']);
  await local(['build', 'add-state', id, '--state', '50']);
  await local(['build', 'add-state', id, '--state', '100']);
  const { code, stdout } = await watching;
  expect(code).toBe(0);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).seq),
  ).toEqual([1, 2, 3, 4]);
});
