import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../support/cli.ts';
import { fakeTracker, knownCaller } from '../support/fake-client.ts';

function surroundings(projectFile?: string) {
  const home = temporaryFolder();
  const tracker = fakeTracker(knownCaller);
  if (projectFile !== undefined) writeFileSync(join(home, 'buildstate.yaml'), projectFile);
  return { home, tracker, cli: cliIn(home, { open: tracker.open }), last: () => tracker.opened.at(-1) };
}

const stranger = 'tracker: https://stranger.example/api\n';

describe('a stored key', () => {
  test('is sent to the origin that it was stored for, whatever the path', async () => {
    const { cli, last } = surroundings();
    await cli(['auth', 'set-key', '--key-stdin', '--tracker', 'https://one.example/a'], {
      stdin: 'secret\n',
    });
    await cli(['whoami', '--tracker', 'https://one.example/b']);
    expect(last()).toMatchObject({ url: 'https://one.example/b', apiKey: 'secret' });
  });

  test.each(['https://two.example', 'http://one.example', 'https://one.example:8443', 'sqlite:///x'])(
    'is never sent to %s',
    async (other) => {
      const { cli, last } = surroundings();
      await cli(['auth', 'set-key', '--key-stdin', '--tracker', 'https://one.example'], { stdin: 'secret' });
      await cli(['whoami', '--tracker', other]);
      expect(last()?.url).toBe(other);
      expect(last()?.apiKey).toBeUndefined();
    },
  );

  test('gives way to the one of the environment', async () => {
    const { cli, last } = surroundings();
    await cli(['auth', 'set-key', '--key-stdin', '--tracker', 'https://one.example'], { stdin: 'secret' });
    await cli(['whoami', '--tracker', 'https://one.example'], { env: { BLDST_API_KEY: 'mine' } });
    expect(last()?.apiKey).toBe('mine');
  });

  test('lies in a file that only its owner may read', async () => {
    const { cli, home } = surroundings();
    await cli(['auth', 'set-key', '--key-stdin', '--tracker', 'https://one.example'], { stdin: 'secret' });
    const folder = join(home, '.config', 'buildstate');
    expect(statSync(join(folder, 'credentials.json')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

describe('a tracker that only a project file names', () => {
  const env = { BLDST_API_KEY: 'mine' };

  test('is not sent the key of the environment where nobody can be asked', async () => {
    const { cli, tracker } = surroundings(stranger);
    const result = await cli(['whoami'], { env });
    expect(result.code).toBe(5);
    expect(result.stderr).toMatch(/stranger\.example.*--trust/s);
    expect(tracker.opened).toEqual([]);
  });

  test('is sent it with --trust, this once', async () => {
    const { cli, last } = surroundings(stranger);
    expect((await cli(['whoami', '--trust'], { env })).code).toBe(0);
    expect(last()?.apiKey).toBe('mine');
    expect((await cli(['whoami'], { env })).code).toBe(5);
  });

  test('is sent it after one confirmation, from then on', async () => {
    const { cli, last } = surroundings(stranger);
    const first = await cli(['whoami'], { env, terminal: true, stdin: 'yes\n' });
    expect(first.stderr).toContain('Send BLDST_API_KEY there, now and in future? [y/N]');
    expect(first.code).toBe(0);
    expect((await cli(['whoami'], { env })).code).toBe(0);
    expect(last()?.apiKey).toBe('mine');
  });

  test('is not sent it after a no', async () => {
    const { cli, tracker } = surroundings(stranger);
    const result = await cli(['whoami'], { env, terminal: true, stdin: '\n' });
    expect(result.code).toBe(5);
    expect(tracker.opened).toEqual([]);
  });

  test('is sent a key that was stored for it', async () => {
    const { cli, last } = surroundings(stranger);
    await cli(['auth', 'set-key', '--key-stdin', '--tracker', 'https://stranger.example'], {
      stdin: 'theirs',
    });
    expect((await cli(['whoami'], { env })).code).toBe(0);
    expect(last()?.apiKey).toBe('theirs');
  });

  test('needs no key where it is a store', async () => {
    const { cli, last } = surroundings('tracker: sqlite:///store\n');
    expect((await cli(['whoami'], { env })).code).toBe(0);
    expect(last()?.apiKey).toBeUndefined();
  });
});

test('settings that are no JSON are an error that names the file', async () => {
  const { cli, home } = surroundings();
  mkdirSync(join(home, '.config', 'buildstate'), { recursive: true });
  writeFileSync(join(home, '.config', 'buildstate', 'config.json'), '{');
  const result = await cli(['whoami']);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(/config\.json is not valid JSON/);
});
