import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('waits for a state to be completed or skipped, not for its beginning', async () => {
  const id = await build();
  const waiting = cli(['build', 'wait', id, '--state', '50', '--json']);
  await cli(['build', 'add-state', id, '--state', '50', '--status', 'started']);
  const { code } = await cli(['build', 'wait', id, '--state', '50', '--timeout', '300ms']);
  expect(code).toBe(10);
  await cli(['build', 'add-state', id, '--state', '50', '--status', 'skipped']);
  expect(await waiting).toMatchObject({ code: 0, json: { id, last_successful_state: 50 } });
});

test('takes a name, and a state that is behind already', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '60']);
  const { code, stdout } = await cli(['build', 'wait', id, '--state', 'application-runtimes']);
  expect(code).toBe(0);
  expect(stdout).toContain('State 60');
  expect((await cli(['build', 'wait', id, '--state', 'nonsense'])).code).toBe(3);
  expect((await cli(['build', 'wait', id, '--timeout', 'soon'])).code).toBe(2);
});

test('ends with 1 when the build fails or is cancelled before', async () => {
  const [failing, cancelled] = [await build(), await build()];
  const waiting = [failing, cancelled].map((id) => cli(['build', 'wait', id, '--state', '50']));
  await cli(['build', 'fail', failing, '--state', '25', '--error', 'disk full']);
  await cli(['build', 'cancel', cancelled]);
  expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual([1, 1]);
});

test('says where the build is when the time is over', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '30']);
  const { code, stderr } = await cli(['build', 'wait', id, '--state', '50', '--timeout', '500ms']);
  expect(code).toBe(10);
  expect(stderr).toMatch(/has not completed state 50 within 500ms\. It is running at state 30\./);
});
