import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { serverProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys } from '../support/test-server.ts';

const kills = 20;
const writers = 8;
const json = { 'x-api-key': devKeys.write, 'content-type': 'application/json' };

/** Sends reports one after the other until the server is gone; answers the ids of those that were acknowledged. */
async function write(url: string, build: string): Promise<string[]> {
  const acknowledged: string[] = [];
  for (;;) {
    const eventId = randomUUID();
    try {
      const answer = await fetch(`${url}/builds/${build}/state`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ state: 5, status: 'started', takeover: true, event_id: eventId }),
      });
      const text = await answer.text();
      if (answer.status !== 201) throw new Error(`${answer.status} ${text}`);
      acknowledged.push(eventId);
    } catch (error) {
      if (error instanceof TypeError) return acknowledged;
      throw error;
    }
  }
}

describe('kill -9 of the server', () => {
  it(`loses no acknowledged report in ${kills} kills during writes`, async () => {
    const folder = await temporaryFolder();
    const acknowledged = new Map<string, string[]>();
    try {
      for (let kill = 0; kill < kills; kill++) {
        const server = await serverProcess(folder.path);
        const builds = await Promise.all(
          Array.from({ length: writers }, async () => {
            const body = JSON.stringify({ project: 'images' });
            const made = await fetch(`${server.url}/builds`, { method: 'POST', headers: json, body });
            return ((await made.json()) as { id: string }).id;
          }),
        );
        const work = builds.map(async (build) => acknowledged.set(build, await write(server.url, build)));
        await wait(50 + Math.random() * 200);
        expect((await server.end('SIGKILL')).signal).toBe('SIGKILL');
        await Promise.all(work);
      }

      const server = await serverProcess(folder.path);
      let reports = 0;
      for (const [build, ids] of acknowledged) {
        const answer = await fetch(`${server.url}/builds/${build}/states?limit=1000`, { headers: json });
        const kept = new Set(
          ((await answer.json()) as { event_id: string }[]).map((attempt) => attempt.event_id),
        );
        expect(ids.slice(0, 1000).filter((id) => !kept.has(id))).toEqual([]);
        reports += ids.length;
        const events = await fetch(`${server.url}/builds/${build}/events?limit=1000`, { headers: json });
        const sequence = ((await events.json()) as { seq: number }[]).map(({ seq }) => seq);
        expect(sequence).toEqual(sequence.map((_, index) => index + 1));
      }
      expect(reports).toBeGreaterThan(kills);
      await server.end('SIGTERM');
    } finally {
      await folder.remove();
    }
  }, 180_000);
});
