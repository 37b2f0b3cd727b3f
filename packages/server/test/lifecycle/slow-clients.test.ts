import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { exchange, openSocket, readToEnd } from '../support/raw-http.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.remove();
  server = undefined;
});

const post = (path: string, length: number, key: string = devKeys.write) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

describe('slow clients', () => {
  it('500 sockets that drip headers and bodies are all cut, and others are served meanwhile', async () => {
    const limits = { headerMs: 1500, bodyMs: 1500, lingerMs: 500 };
    server = await TestServer.start({ limits });
    const { port } = server.running;
    const startedAt = performance.now();
    const ends = await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        const socket = await openSocket(port);
        const end = readToEnd(socket);
        // Every third drips its headers, every third a body with a good key, every third one with a bad key.
        const kind = index % 3;
        const text =
          kind === 0
            ? `GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ${'a'.repeat(2000)}`
            : post('/builds', 5000, kind === 1 ? devKeys.write : 'wrong') + ' '.repeat(2000);
        const eager = kind === 0 ? 'GET /health HTTP/1.1\r\n'.length : text.indexOf('\r\n\r\n') + 4;
        socket.write(text.slice(0, eager));
        let sent = eager;
        const drip = setInterval(() => socket.write(text.charAt(sent++)), 100);
        const answer = await end;
        clearInterval(drip);
        return { kind, answer, after: performance.now() - startedAt };
      }).concat(
        Array.from({ length: 20 }, async (_, index) => {
          await wait(index * 60);
          expect((await server?.send('/health'))?.status).toBe(200);
          return { kind: 3, answer: '', after: performance.now() - startedAt };
        }),
      ),
    );
    for (const { kind, answer, after } of ends) {
      if (kind === 0) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      if (kind === 1) expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*request_timeout/);
      if (kind === 2) expect(answer).toMatch(/^HTTP\/1\.1 (401|429) /);
      expect(after).toBeLessThan(25_000);
    }
    expect((await server.send('/builds')).json()).toEqual([]);
  }, 40_000);

  it('get the answer to a body that is too large while they still send it', async () => {
    server = await TestServer.start();
    const { port } = server.running;
    for (const length of [1_048_577, 2_097_152, 50_000_000]) {
      const socket = await openSocket(port);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString();
      });
      socket.write(post('/builds', length));
      for (let sent = 0; sent < 3_000_000 && socket.writable; sent += 65_536) {
        socket.write('x'.repeat(Math.min(65_536, Math.max(0, length - sent))));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await vi.waitFor(() => expect(answer).toContain('request_id'), { timeout: 10_000 });
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain('1 MiB (1048576 bytes)');
      socket.destroy();
    }
  });

  it('are held to the same limit when they do not say how long the body is', async () => {
    server = await TestServer.start({ limits: { lingerMs: 300 } });
    const head = `POST /builds HTTP/1.1\r\nHost: x\r\nX-API-Key: ${devKeys.write}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const answer = await exchange(server.running.port, head + chunk.repeat(20));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('that announce a body and send nothing after a refusal are cut after a while', async () => {
    server = await TestServer.start({ limits: { lingerMs: 300 } });
    const startedAt = performance.now();
    const answer = await exchange(server.running.port, post('/nothing', 1000));
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it('that go away in the middle of a body change nothing and are no fault of the server', async () => {
    server = await TestServer.start();
    const body = JSON.stringify({ project: 'images', description: 'x'.repeat(1000) });
    for (let count = 0; count < 20; count++) {
      const socket = await openSocket(server.running.port);
      socket.write(post('/builds', body.length) + body.slice(0, 40 * count));
      await wait(5);
      socket.resetAndDestroy();
    }
    await wait(100);
    expect((await server.send('/builds')).json()).toEqual([]);
    expect(server.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

describe('what is no HTTP', () => {
  it('is answered with a problem and closed', async () => {
    server = await TestServer.start();
    const { port } = server.running;
    const nonsense = await exchange(port, 'hello\r\n\r\n');
    expect(nonsense).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"malformed"/);
    expect(nonsense).toMatch(/\r\nX-Request-Id: [0-9a-f-]{36}\r\n/);
    const large = await exchange(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
    const smuggled = await exchange(
      port,
      'POST /builds HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    expect(smuggled).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('more connections than allowed are closed at once', async () => {
    server = await TestServer.start({ limits: { connections: 5 } });
    const { port } = server.running;
    const kept = await Promise.all(Array.from({ length: 5 }, () => openSocket(port)));
    const extra = await openSocket(port);
    expect(await readToEnd(extra)).toBe('');
    for (const socket of kept) socket.destroy();
    const again = () => server?.send('/health').then(({ status }) => status);
    await vi.waitFor(async () => expect(await again()).toBe(200), { timeout: 10_000 });
  });
});
