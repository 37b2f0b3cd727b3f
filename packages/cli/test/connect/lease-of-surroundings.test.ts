import { describe, expect, test } from 'vitest';
import { leaseOfSurroundings } from '../../src/connect/lease-of-surroundings.ts';
import { withServer } from '../support/server.ts';

test('a lease of the surroundings is its token, and the build that it is for', () => {
  expect(leaseOfSurroundings({})).toBeUndefined();
  expect(leaseOfSurroundings({ BLDST_LEASE_TOKEN: '4' })).toEqual({ token: 4, build: undefined });
  expect(leaseOfSurroundings({ BLDST_LEASE_TOKEN: '4', BLDST_BUILD_ID: 'a:1' })).toEqual({
    token: 4,
    build: 'a:1',
  });
  expect(() => leaseOfSurroundings({ BLDST_LEASE_TOKEN: '4x' })).toThrow(/BLDST_LEASE_TOKEN/);
});

describe('a command that runs under a lease', () => {
  const { cli, build, project } = withServer();

  /** A build that this test holds, another one that nobody holds, and the environment of what the holder runs. */
  async function held(): Promise<{ own: string; other: string; env: Record<string, string> }> {
    const own = await build(['-n', `own-${crypto.randomUUID()}`]);
    const other = await build(['-n', `other-${crypto.randomUUID()}`]);
    const { json } = await cli(['build', 'lease', own, '--json']);
    return { own, other, env: { BLDST_BUILD_ID: own, BLDST_LEASE_TOKEN: String(json.token) } };
  }

  test('reports on that build, however it is named', async () => {
    const { own, env } = await held();
    const { json } = await cli(['build', 'get', own, '--json']);
    const names = [own, own.toUpperCase(), own.slice(0, -1), `${project}:${json.build_number}`];
    for (const [index, name] of names.entries()) {
      const words = ['build', 'add-state', name, '--state', String(10 + index)];
      expect((await cli(words)).code, name).toBe(4);
      const { code, stderr } = await cli(words, { env });
      expect(code, stderr).toBe(0);
    }
  });

  test('reports on another build without the token, which would be refused there', async () => {
    const { other, env } = await held();
    for (const words of [
      ['build', 'add-state', other, '--state', '10'],
      ['build', 'fail', other, '--state', '20', '--error', 'no'],
      ['build', 'retry', other],
      ['variable', 'set', other, 'a=b'],
    ]) {
      const { code, stderr } = await cli(words, { env });
      expect(code, `${words.join(' ')}: ${stderr}`).toBe(0);
    }
  });

  test('says of a build that is not there only that', async () => {
    const { env } = await held();
    const { code, stderr } = await cli(['build', 'add-state', 'nobody:1', '--state', '10'], { env });
    expect(code).toBe(3);
    expect(stderr).toMatch(/nobody/);
  });
});
