import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../support/cli.ts';
import { fakeTracker, knownCaller } from '../support/fake-client.ts';

/** Runs `whoami` somewhere and says what was opened. */
async function opened(
  words: readonly string[],
  options: {
    readonly env?: Record<string, string>;
    readonly set?: string;
    readonly project?: string;
    readonly below?: string;
  } = {},
) {
  const home = temporaryFolder();
  const tracker = fakeTracker(knownCaller);
  const cli = cliIn(home, { open: tracker.open });
  if (options.set !== undefined) await cli(['config', 'set-url', options.set]);
  const project = join(home, 'project');
  const cwd = join(project, options.below ?? '');
  mkdirSync(cwd, { recursive: true });
  if (options.project !== undefined) writeFileSync(join(project, 'buildstate.yaml'), options.project);
  const result = await cli(['whoami', ...words], { cwd, env: options.env });
  return { result, address: tracker.opened[0], home, closed: () => tracker.closed };
}

const yaml = 'project: linux\ntracker: sqlite:///project/store # here\nstates: []\n';

describe('the tracker is the first that is named by', () => {
  test('the flag, in both spellings', async () => {
    const env = { BLDST_TRACKER: 'http://environment' };
    const { address } = await opened(['--tracker', 'http://flag'], { env });
    expect(address?.url).toBe('http://flag');
    expect((await opened(['--url', 'http://flag'], { env })).address?.url).toBe('http://flag');
  });

  test('BLDST_TRACKER, then BLDST_API_URL', async () => {
    const env = { BLDST_TRACKER: 'http://one', BLDST_API_URL: 'http://two' };
    expect((await opened([], { env, set: 'http://user' })).address?.url).toBe('http://one');
    const { address } = await opened([], { env: { BLDST_API_URL: 'http://two' }, set: 'http://user' });
    expect(address?.url).toBe('http://two');
  });

  test('the user, then the project', async () => {
    expect((await opened([], { set: 'http://user', project: yaml })).address?.url).toBe('http://user');
    expect((await opened([], { project: yaml })).address?.url).toBe('sqlite:///project/store');
  });

  test('the project above the folder', async () => {
    const { address } = await opened([], { project: yaml, below: 'deep/er' });
    expect(address?.url).toBe('sqlite:///project/store');
  });

  test('nobody: then it is the local store in the data folder', async () => {
    const { address, home } = await opened([], { project: 'project: linux\n' });
    expect(address?.url).toBe(`sqlite://${home}/.local/share/buildstate/store`);
    const env = { BLDST_DATA_DIR: '/data' };
    expect((await opened([], { env })).address?.url).toBe('sqlite:///data/store');
  });

  test('and what cannot be understood is an error that names the file', async () => {
    const { result } = await opened([], { project: 'tracker: [' });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/buildstate\.yaml is not valid YAML/);
  });
});

test('the client is closed when the command ends', async () => {
  expect((await opened([])).closed()).toBe(1);
});
