import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';
import { fakeTracker, knownCaller } from '../../support/fake-client.ts';

async function withKeys(...origins: string[]) {
  const tracker = fakeTracker(knownCaller);
  const cli = cliIn(temporaryFolder(), { open: tracker.open });
  for (const origin of origins) {
    await cli(['auth', 'set-key', '--key-stdin', '--tracker', origin], { stdin: `key-of-${origin}` });
  }
  const keyFor = async (origin: string) => {
    await cli(['whoami', '--tracker', origin]);
    return tracker.opened.at(-1)?.apiKey;
  };
  return { cli, keyFor };
}

test('forgets the key of one server', async () => {
  const { cli, keyFor } = await withKeys('https://one.example', 'https://two.example');
  const { stdout } = await cli(['auth', 'logout', '--tracker', 'https://one.example/path']);
  expect(stdout).toBe('Forgot the key for https://one.example.\n');
  expect(await keyFor('https://one.example')).toBeUndefined();
  expect(await keyFor('https://two.example')).toBe('key-of-https://two.example');
});

test('forgets all keys', async () => {
  const { cli, keyFor } = await withKeys('https://one.example', 'https://two.example');
  const { json } = await cli(['auth', 'logout', '--all', '--json']);
  expect(json).toEqual({ forgotten: ['https://one.example', 'https://two.example'] });
  expect(await keyFor('https://two.example')).toBeUndefined();
});

test('says that there was none', async () => {
  const { cli } = await withKeys();
  const { code, stdout } = await cli(['auth', 'logout', '--tracker', 'https://one.example']);
  expect([code, stdout]).toEqual([0, 'No key was stored for https://one.example.\n']);
});
