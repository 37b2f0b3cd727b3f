import { beforeAll, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project, build } = withServer();
const ids: string[] = [];

beforeAll(async () => {
  for (const number of ['1', '2', '3']) ids.push(await build(['-n', number, '--platform', 'AWS']));
  await cli(['build', 'add-state', `${project}:1`, '--state', '45']);
  await cli(['build', 'fail', `${project}:2`, '--state', '10', '--error', 'Syntax error', '--not-retryable']);
  await cli(['build', 'fail', `${project}:3`, '--state', '10', '--error', 'Connection timed out']);
});

const numbers = async (...words: string[]) =>
  (await cli(['build', 'list', '-p', project, '--json', ...words])).json.map(
    (one: { build_number: string }) => one.build_number,
  );

test('shows a bar, the line, the status and the age of each, newest first', async () => {
  const lines = (await cli(['build', 'list', '-p', project])).stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^Id +Progress +Build +Status +Age +Holder +Attention$/);
  expect(lines[3]).toMatch(
    /^\S{36} {2}\[#########-----------\] {2}AWS Build #1: State 45 - Storage configuration \(45% complete\) {2}running +\d+s {2}- +-$/,
  );
  expect(lines).toHaveLength(4);
});

test('says who holds a build', async () => {
  await cli(['build', 'lease', `${project}:1`, '--holder', 'nightly', '--ttl', '1h']);
  expect((await cli(['build', 'list', '-p', project, '--status', 'running'])).stdout).toMatch(
    / {2}nightly\n$/,
  );
});

test('on a terminal fits into its width, and what it shows as an id is taken as one', async () => {
  const env = { NO_COLOR: '1' };
  const { stdout } = await cli(['build', 'list', '-p', project], { terminal: true, env });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  const [id = ''] = lines[3]?.split(' ') ?? [];
  expect(id.length).toBeLessThan(36);
  expect((await cli(['build', 'get', id, '--json'])).json).toMatchObject({ build_number: '1' });
});

test('filters by status, state, text and time', async () => {
  expect(await numbers()).toEqual(['3', '2', '1']);
  expect(await numbers('--status', 'failed')).toEqual(['3', '2']);
  expect(await numbers('--state-min', '40')).toEqual(['1']);
  expect(await numbers('--state-max', '39')).toEqual(['3', '2']);
  expect(await numbers('-q', '2')).toEqual(['2']);
  expect(await numbers('--since', '1h')).toEqual(['3', '2', '1']);
  expect(await numbers('--since', '2099-01-01T00:00:00Z')).toEqual([]);
  expect(await numbers('--platform', 'AWS', '--status', 'running')).toEqual(['1']);
});

test('what needs attention has failed and is not going to be tried again by itself', async () => {
  expect(await numbers('--needs-attention')).toEqual(['2']);
  const { stdout } = await cli(['build', 'list', '-p', project, '--needs-attention']);
  expect(stdout).toMatch(/Holder {2,}Attention\n/);
  expect(stdout).toMatch(/ failed at 10\n$/);
});

test('shows what is left of a build once the catalogue or the history says so', async () => {
  const expected = ['--name', 'publish', '--expected', '1h'];
  await cli(['state-code', 'set', project, '95', ...expected]);
  expect((await cli(['build', 'list', '-p', project, '--status', 'running'])).stdout).toMatch(
    /Age +Left +Holder\n.* running .* 1h 0m /,
  );
  const { stdout } = await cli(['build', 'get', `${project}:1`]);
  expect(stdout).toMatch(/Left: +1h 0m, or 1h 0m if everything is slow \(from what the catalogue expects\)/);
  expect((await cli(['build', 'get', `${project}:1`, '--json'])).json.eta).toMatchObject({
    basis: 'expected',
    p50_seconds: 3600,
    states: [{ state: 95, state_name: 'publish' }],
  });
});

test('a list that goes on says so, on standard error', async () => {
  const { stdout, stderr, json } = await cli(['build', 'list', '-p', project, '--limit', '2', '--json']);
  expect(json).toHaveLength(2);
  expect(stdout).not.toContain('There are more');
  expect(stderr).toMatch(/There are more/);
  expect((await cli(['build', 'list', '-p', project, '--all'])).stderr).toBe('');
});

test('an empty list is no error', async () => {
  const words = ['build', 'list', '-p', project, '--status', 'cancelled'];
  expect(await cli(words)).toMatchObject({ code: 0, stdout: 'No builds.\n' });
  expect((await cli([...words, '--json'])).json).toEqual([]);
  expect((await cli([...words, '-o', 'id'])).stdout).toBe('');
});

test('has no form for eval', async () => {
  const { code, stderr } = await cli(['build', 'list', '-o', 'env']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/no output format "env"/);
});
