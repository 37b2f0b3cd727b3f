import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build, home } = withServer();

test('records the reports of a file in their order', async () => {
  const id = await build();
  writeFileSync(
    join(home, 'reports.json'),
    '[{"state":5},{"state_name":"base-image-created","message":"up"}]',
  );
  const { code, stdout } = await cli(['build', 'add-states', id, 'reports.json']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Report +State +Outcome +Why\n/);
  expect(stdout).toMatch(/\n2 recorded, 0 refused\.\n$/);
  const { json } = await cli(['build', 'history', id, '--json']);
  expect(json.map(({ state }: { state: number }) => state)).toEqual([5, 10]);
  expect(json[1].message).toBe('up');
});

test('records one report a line of standard input, tells of refused ones, and ends with their code', async () => {
  const id = await build();
  const stdin = '{"state":10}\n\n{"state":5}\n{"state":25,"metadata":{"some_Key":1}}\n';
  const { code, json } = await cli(['build', 'add-states', id, '-', '--json'], { stdin });
  expect(code).toBe(4);
  expect(json).toMatchObject({ recorded: 2, refused: 1, not_tried: 0 });
  expect(json.results[1]).toMatchObject({ index: 1, status: 409, problem: { code: 'illegal_transition' } });
  expect(json.results[2].answer.metadata).toEqual({ some_Key: 1 });
});

test('stops at the first refused one when asked to, for the build that the environment names', async () => {
  const id = await build();
  const stdin = '{"state":10}\n{"state":5}\n{"state":25}\n';
  const words = ['build', 'add-states', '-', '--stop-on-error', '--reported-by', 'me', '-o', 'env'];
  const { code, stdout } = await cli(words, { stdin, env: { BLDST_BUILD_ID: id } });
  expect(code).toBe(4);
  expect(stdout).toContain('BLDST_STATE=10\n');
  const { json } = await cli(['build', 'history', id, '--json']);
  expect(json).toMatchObject([{ state: 10, reported_by: 'me' }]);
});

test('says which report is none', async () => {
  const id = await build();
  const refused = async (stdin: string) => {
    const { code, stderr } = await cli(['build', 'add-states', id, '-'], { stdin });
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused('{"state":5}\nstate 10\n')).toContain('Line 2 is not JSON');
  expect(await refused('{"state":5}\n10\n')).toContain('Report 2 is not a JSON object');
  expect(await refused('[{"state":5}')).toContain('is not JSON');
  expect((await cli(['build', 'add-states', id, 'absent.json'])).stderr).toContain('ENOENT');
  expect((await cli(['build', 'add-states'])).stderr).toContain('the file with the reports');
  expect((await cli(['build', 'history', id, '--json'])).json).toEqual([]);
});
