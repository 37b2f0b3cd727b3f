import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { serverProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** One POST over a kept-alive connection: the status, or the error's code. */
function post(url: string, agent: Agent, body: object): Promise<number | string> {
  return new Promise((resolve) => {
    const text = JSON.stringify(body);
    const headers = {
      'x-api-key': devKeys.write,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const sent = request(url, { agent, method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end(text);
  });
}

describe('draining', () => {
  it('fails no request while a load balancer takes the server out, under load from kept-alive clients', async () => {
    const server = await TestServer.start({ noticeMs: 3000 });
    closing.push(() => server.remove());
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const outcomes: (number | string)[] = [];
    let routed = true;
    const clients = Array.from({ length: 16 }, async (_, client) => {
      for (let count = 0; routed; count++) {
        const body = { project: 'images', build_number: `${client}-${count}` };
        outcomes.push(await post(`${server.url}/builds`, agent, body));
      }
    });
    const ready = async () => (await fetch(`${server.url}/ready`)).status;
    const balancer = async () => {
      while ((await ready()) === 200) await wait(50);
      routed = false;
    };
    const watching = balancer();
    while (outcomes.length < 50) await wait(10);
    const before = outcomes.length;
    const closed = server.running.close();
    expect(await ready()).toBe(503);
    await Promise.all([closed, watching, ...clients]);
    agent.destroy();
    expect(outcomes.length).toBeGreaterThan(before);
    expect(outcomes.filter((outcome) => outcome !== 201)).toEqual([]);
  });

  /** A POST of which the server has the headers, and not yet the body. */
  async function begun(url: string, length: number) {
    const headers = {
      'x-api-key': devKeys.write,
      'content-type': 'application/json',
      'content-length': length,
      expect: '100-continue',
    };
    const sent = request(`${url}/builds`, { agent: new Agent(), method: 'POST', headers });
    const outcome = new Promise<number | string>((resolve) => {
      sent.once('error', (error) => resolve(error.message));
      sent.once('response', (answer) => resolve(answer.resume().statusCode ?? 0));
    });
    await once(sent, 'continue');
    return { sent, outcome };
  }

  it('answers requests that are under way when the door closes', async () => {
    const server = await TestServer.start();
    closing.push(() => server.remove());
    const text = JSON.stringify({ project: 'images', build_number: 'slow' });
    const { sent, outcome } = await begun(server.url, text.length);
    const closed = server.running.close();
    await wait(200);
    sent.end(text);
    expect(await outcome).toBe(201);
    await closed;
  });

  it('cuts off what takes longer than it may', async () => {
    const server = await TestServer.start({ drainMs: 200, limits: { bodyMs: 60_000 } });
    closing.push(() => server.remove());
    const { outcome } = await begun(server.url, 100);
    const startedAt = performance.now();
    await server.running.close();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await outcome).not.toBe(201);
  });

  it('closing twice is closing once', async () => {
    const server = await TestServer.start();
    closing.push(() => server.remove());
    await Promise.all([server.running.close(), server.running.close()]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends a process with code 0, with everything stored',
    async (signal) => {
      const folder = await temporaryFolder();
      closing.push(folder.remove);
      const first = await serverProcess(folder.path);
      const made = await fetch(`${first.url}/builds`, {
        method: 'POST',
        headers: { 'x-api-key': devKeys.write, 'content-type': 'application/json' },
        body: JSON.stringify({ project: 'images', build_number: 'kept' }),
      });
      expect(made.status).toBe(201);
      expect(await first.end(signal)).toEqual({ code: 0, signal: null });
      const second = await serverProcess(folder.path);
      const found = await fetch(`${second.url}/builds/images:kept`, {
        headers: { 'x-api-key': devKeys.read },
      });
      expect(found.status).toBe(200);
      await second.end('SIGTERM');
    },
  );
});
