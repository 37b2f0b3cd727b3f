import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, home, build } = withServer();

describe('by hand', () => {
  test('a lease is taken, renewed and given up', async () => {
    const id = await build();
    const taken = await cli(['build', 'lease', id, '--ttl', '10m', '--holder', 'nightly', '--json']);
    expect(taken.json).toMatchObject({ build_id: id, token: 1, holder: 'nightly', ttl_seconds: 600 });
    const refused = await cli(['build', 'lease', id]);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('nightly');
    expect((await cli(['build', 'lease', id, '--renew', '--token', '1', '--json'])).json.token).toBe(1);
    const released = await cli(['build', 'lease', id, '--release'], { env: { BLDST_LEASE_TOKEN: '1' } });
    expect(released).toMatchObject({ code: 0, stdout: '', stderr: 'Released.\n' });
    expect((await cli(['build', 'lease', id, '-o', 'env'])).stdout).toBe(
      `BLDST_BUILD_ID=${id}\nBLDST_LEASE_TOKEN=2\n`,
    );
  });

  test('a token is needed to renew, and the right one', async () => {
    const id = await build();
    await cli(['build', 'lease', id]);
    expect((await cli(['build', 'lease', id, '--renew'])).stderr).toMatch(/Which lease\?/);
    expect((await cli(['build', 'lease', id, '--release', '--token', '7'])).code).toBe(4);
    expect((await cli(['build', 'lease', id, '--renew', '--release'])).code).toBe(2);
  });
});

describe('around a command', () => {
  test('the command knows its build and token, and its exit code is passed through', async () => {
    const id = await build();
    const script = 'echo "$BLDST_BUILD_ID $BLDST_LEASE_TOKEN $*" > seen; exit 3';
    const { code } = await cli(['build', 'lease', id, '--', 'sh', '-c', script, 'sh', '--flag', '-o']);
    expect(code).toBe(3);
    expect(readFileSync(join(home, 'seen'), 'utf8')).toBe(`${id} 1 --flag -o\n`);
    // It has been given up again.
    expect((await cli(['build', 'get', id, '--json'])).json.lease).toBeNull();
  });

  test('the build may be left out where it is known', async () => {
    const id = await build();
    writeFileSync(join(home, '.bldst-build'), id);
    expect((await cli(['build', 'lease', '--', 'sh', '-c', 'test -n "$BLDST_LEASE_TOKEN"'])).code).toBe(0);
  });

  test('own errors are 120 and the code, and then the command does not run', async () => {
    const id = await build();
    await cli(['build', 'lease', id, '--holder', 'somebody else']);
    const { code, stderr } = await cli(['build', 'lease', id, '--', 'touch', 'must-not-exist']);
    expect(code).toBe(124);
    expect(stderr).toContain('somebody else');
    expect(existsSync(join(home, 'must-not-exist'))).toBe(false);
    expect((await cli(['build', 'lease', 'nobody:1', '--', 'true'])).code).toBe(123);
  });

  test('a command that does not exist is named', async () => {
    const { code, stderr } = await cli(['build', 'lease', await build(), '--', 'no-such-program']);
    expect(code).toBe(123);
    expect(stderr).toMatch(/The command "no-such-program" was not found/);
  });

  test('a command that a signal ended has the code that a shell shows', async () => {
    expect((await cli(['build', 'lease', await build(), '--', 'sh', '-c', 'kill -9 $$'])).code).toBe(137);
  });

  test('there must be one after --', async () => {
    expect((await cli(['build', 'lease', await build(), '--'])).code).toBe(2);
  });
});
