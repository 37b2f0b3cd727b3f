import { createMemoryStore } from '@buildstate/state-stores/memory';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import { compose } from '../../src/composition/compose.ts';
import { resolveOptions } from '../../src/config.ts';
import { Lifecycle } from '../../src/lifecycle.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TestServer } from '../support/test-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Health is not asked of a build. */
const never = { loadBuild: async () => undefined };

async function app(ping: () => Promise<void>, lifecycle = new Lifecycle()): Promise<FastifyInstance> {
  const folder = await temporaryFolder();
  closing.push(folder.remove);
  const options = resolveOptions({ store: 'memory:', dataDir: folder.path, environment: {} });
  const composition = await compose(options, pino({ level: 'silent' }));
  closing.push(() => composition.close());
  const made = await createApp({ ...composition.parts, store: { ...never, ping }, lifecycle });
  closing.push(() => made.close());
  return made;
}

describe('health', () => {
  it('answers with its documented shapes', async () => {
    const server = await TestServer.start();
    closing.push(() => server.remove());
    for (const path of ['/health', '/health/liveness', '/health/']) {
      const { status, json } = await server.send(path, { key: null });
      expect(status).toBe(200);
      expect(json()).toEqual({ status: 'ok', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) });
    }
    for (const path of ['/ready', '/health/readiness']) {
      const { status, json } = await server.send(path, { key: null });
      expect(status).toBe(200);
      expect(json()).toMatchObject({ ready: true, database: 'ok', timestamp: expect.any(String) });
    }
    const status = (await server.send('/status', { key: null })).json();
    expect(status).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      uptime: expect.any(Number),
      status: 'ready',
    });
  });

  it('is not ready while it starts and while it drains, and lives all the time', async () => {
    const lifecycle = new Lifecycle();
    const made = await app(() => createMemoryStore().ping(), lifecycle);
    const phase = async () => {
      const { statusCode, json } = await made.inject('/ready');
      expect((await made.inject('/health')).statusCode).toBe(200);
      return [statusCode, json().ready, json().phase];
    };
    expect(await phase()).toEqual([503, false, 'starting']);
    lifecycle.ready();
    expect(await phase()).toEqual([200, true, 'ready']);
    lifecycle.drain();
    expect(await phase()).toEqual([503, false, 'draining']);
    expect((await made.inject('/health')).headers.connection).toBe('close');
  });

  it('is not ready when the store fails or says nothing', async () => {
    const lifecycle = new Lifecycle();
    lifecycle.ready();
    const failing = await app(() => Promise.reject(new Error('gone')), lifecycle);
    expect((await failing.inject('/ready')).json()).toMatchObject({ ready: false, database: 'unavailable' });
    const silent = await app(() => new Promise(() => {}), lifecycle);
    const answer = await silent.inject('/ready');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ ready: false, database: 'unavailable' });
  });
});
