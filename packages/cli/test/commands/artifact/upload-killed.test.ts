import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFaultyS3 } from '@buildstate/conformance/backend';
import { expect, inject, test, vi } from 'vitest';
import { binary, binaryIn } from '../../support/binary.ts';
import { succeeded, withServer } from '../../support/server.ts';

const mebibyte = 1024 * 1024;
const partBytes = 8 * mebibyte;
const { cli, home, build } = withServer();

test('an upload that is killed is gone on with by the same command', { timeout: 240_000 }, async () => {
  const server = await startFaultyS3();
  const parts = () => server.requests.filter(({ operation }) => operation === 'UploadPart');
  const journals = join(home, '.local', 'state', 'buildstate', 'uploads');
  const noted = () => {
    const [journal = ''] = readdirSync(journals).filter((name) => name.endsWith('.jsonl'));
    return readFileSync(join(journals, journal), 'utf8');
  };
  try {
    const bytes = randomBytes(7 * partBytes + 11);
    const file = join(home, 'disk.raw');
    writeFileSync(file, bytes);
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      BLDST_TRACKER: inject('tracker'),
      BLDST_API_KEY: 'admin-key-99999',
      BLDST_S3_ENDPOINT: server.endpoint,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'canary-of-the-secret',
    };
    const id = await build();
    const words = ['artifact', 'upload', id, file, '--state', '10', '--to', 's3://bucket/prefix', '--json'];

    // Three parts are answered, and the four after them are not, so that the process hangs where it is to be killed.
    server.inject({ operation: 'UploadPart', fault: { kind: 'never-answer' }, after: 3, times: 4 });
    const args = ['--conditions=@buildstate/source', binary, ...words];
    const child = spawn(process.execPath, args, { env, cwd: home, stdio: 'ignore' });
    const exited = once(child, 'exit');
    try {
      await vi.waitFor(
        () => {
          expect(server.pendingFaults()).toBe(0);
          expect(noted().match(/"part"/g)).toHaveLength(3);
        },
        { timeout: 120_000, interval: 20 },
      );
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
    expect(server.state.uploads.size).toBe(1);
    expect(server.state.objects.size).toBe(0);
    expect(noted()).not.toMatch(/canary|admin-key/);

    const before = parts().length;
    const run = binaryIn(home, { ...env, PATH: process.env.PATH ?? '' });
    const { code, stdout, stderr } = await run(words);
    expect(code, stderr).toBe(0);
    const uploaded = JSON.parse(stdout);
    expect(uploaded).toMatchObject({ size_bytes: bytes.length });
    expect(uploaded.checksum).toContain(createHash('sha256').update(bytes).digest('hex'));
    const again = parts().slice(before);
    expect(again.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes.length - 3 * partBytes);
    expect(server.state.uploads.size).toBe(0);
    expect([...server.state.objects.values()].map((object) => object.bytes.equals(bytes))).toEqual([true]);
    expect(readdirSync(journals)).toEqual([]);
    const { json } = succeeded(await cli(['artifact', 'list', id, '--json']));
    expect(json).toHaveLength(1);
  } finally {
    await server.stop();
  }
});
