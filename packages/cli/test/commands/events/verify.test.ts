import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { cliIn } from '../../support/cli.ts';
import { withServer } from '../../support/server.ts';

const { cli, build, project, home } = withServer();

test('checks one build, a project, or everything, on a server', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '100']);
  const one = await cli(['events', 'verify', id]);
  expect(one).toMatchObject({ code: 0, stderr: '' });
  expect(one.stdout).toMatch(/1 build, 3 events verified \(signed up to event 3\): nothing is wrong\./);
  const { end } = (await cli(['events', 'verify', id, '--json'])).json as { end: string };
  expect(end).toMatch(/^3:[0-9a-f]{64}$/);
  expect(one.stdout).toContain(`It ends with ${end}`);
  expect((await cli(['events', 'verify', id, '--known', end])).code).toBe(0);
  const cut = await cli(['events', 'verify', id, '--known', `4:${'a'.repeat(64)}`]);
  expect(cut).toMatchObject({
    code: 6,
    stdout: expect.stringMatching(/event 4 is missing.*known to have had 4/),
  });
  expect((await cli(['events', 'verify', id, '--known', '4'])).code).toBe(2);
  await build();
  const all = await cli(['events', 'verify', '--project', project, '--json']);
  expect(all.json).toMatchObject({ builds: 2, events: 4, signed: 1, problems: [] });
  expect((await cli(['events', 'verify', id, '--all'])).code).toBe(2);
  expect((await cli(['events', 'verify', 'nobody:1'])).code).toBe(3);
});

test('names the first event that is not as it was recorded, and ends with 6', async () => {
  const local = cliIn(home, { env: { BLDST_TRACKER: `sqlite://${home}/store.db` } });
  const id = (await local(['build', 'create', '--project', 'p', '-o', 'id'])).stdout.trim();
  await local(['build', 'add-state', id, '--state', '10']);
  await local(['build', 'add-state', id, '--state', '15']);
  expect((await local(['events', 'verify', '--all'])).code).toBe(0);
  const database = new DatabaseSync(`${home}/store.db`);
  database.exec("update build_events set actor_id = 'nobody' where seq = 2");
  database.close();
  const { code, stdout } = await local(['events', 'verify', '--all']);
  expect(code).toBe(6);
  expect(stdout).toMatch(new RegExp(`^p:1 \\(${id}\\): event 2 was changed`));
  const { json } = await local(['events', 'verify', id, '--json']);
  expect(json).toMatchObject({ problems: [{ build_id: id, seq: 2, problem: 'was changed' }] });
});
