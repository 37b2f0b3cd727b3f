import { randomUUID } from 'node:crypto';
import { LimitError, UnavailableError, UnreachableError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { faultServer, json, problem } from '../support/fault-server.ts';
import { failure, httpDoor, transports } from '../support/http-door.ts';

const build = { buildId: 'b' };
const report = { params: build, body: { state: 10, eventId: randomUUID() } };
const answer = { id: 'b', warnings: [] };

describe.each(Object.keys(transports))('faults over %s', (transport) => {
  describe('a connection that is cut', () => {
    it('is made again for a report that carries its event_id, which stays the same', async () => {
      const server = await faultServer((request, response, number) => {
        if (number < 3) request.socket.resetAndDestroy();
        else json(response, 201, answer);
      });
      const door = await httpDoor(server.url, transport);
      expect((await door.call('recordState', report)).body).toEqual(answer);
      const ids = server.requests.map(({ body }) => JSON.parse(body).event_id);
      expect(ids).toEqual([report.body.eventId, report.body.eventId, report.body.eventId]);
    });

    it('is made again with one key for a POST that can carry no id of its own', async () => {
      const server = await faultServer((request, response, number) => {
        if (number % 3 > 0) request.socket.resetAndDestroy();
        else json(response, 201, answer);
      });
      const door = await httpDoor(server.url, transport);
      for (const stateCode of [42, 43]) {
        await door.call('createStateCode', { params: { projectId: 'p' }, body: { stateCode, name: 'x' } });
      }
      const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
      expect(keys).toHaveLength(6);
      expect(keys[0]).toMatch(/^"[0-9a-f-]{36}"$/);
      expect(new Set(keys.slice(0, 3)).size).toBe(1);
      expect(new Set(keys.slice(3)).size).toBe(1);
      expect(keys[3]).not.toBe(keys[0]);
    });

    it('is not made again for a report without an event_id, and says that the caller must look', async () => {
      const server = await faultServer((request) => request.socket.resetAndDestroy());
      const door = await httpDoor(server.url, transport);
      const reported = await failure(door.call('recordState', { params: build, body: { state: 10 } }));
      expect(server.requests).toHaveLength(1);
      const created = await failure(
        door.call('createStateCode', { params: { projectId: 'p' }, body: { stateCode: 42, name: 'x' } }),
      );
      expect(server.requests).toHaveLength(4);
      for (const error of [reported, created]) {
        expect(error).toBeInstanceOf(UnreachableError);
        expect(error.message).toMatch(/Whether it took effect is not known/);
      }
    });

    it('is made again with the key that the caller gave, with which it may be done once more', async () => {
      const server = await faultServer((request) => request.socket.resetAndDestroy());
      const door = await httpDoor(server.url, transport);
      const call = door.call('createProject', { body: { name: 'x' } }, { idempotencyKey: 'my "key"' });
      expect((await failure(call)).message).not.toMatch(/is not known/);
      expect(server.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(
        Array(3).fill('"my \\"key\\""'),
      );
    });

    it('is given up after three tries, with an error that names the server and what to try', async () => {
      const server = await faultServer((request) => request.socket.resetAndDestroy());
      const door = await httpDoor(server.url, transport);
      const error = await failure(door.call('getBuild', { params: build }));
      expect(server.requests).toHaveLength(3);
      expect(error).toBeInstanceOf(UnreachableError);
      expect(error.message).toContain(server.url);
      expect(error.message).toMatch(/cut .*Check the network/);
    });
  });

  it('survives a server that closes an idle connection just when the next request is sent', async () => {
    const used = new WeakSet();
    const server = await faultServer((request, response) => {
      if (used.has(request.socket)) request.socket.resetAndDestroy();
      else {
        used.add(request.socket);
        json(response, 200, []);
      }
    });
    const door = await httpDoor(server.url, transport);
    for (let round = 0; round < 4; round++) {
      expect((await door.call('listBuilds', {})).body).toEqual([]);
    }
    // Otherwise nothing was reused, and nothing was shown.
    expect(server.requests.length).toBeGreaterThan(4);
  });

  it('says of a server that is not there where it was looked for and how to start one', async () => {
    const server = await faultServer(() => {});
    server.server.close();
    const door = await httpDoor(server.url, transport);
    const error = await failure(door.call('getBuild', { params: build }));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain(server.url);
    expect(error.message).toMatch(/nothing listens there .*bldst serve/);
    expect((error as UnreachableError).context).toMatchObject({ system_code: 'ECONNREFUSED' });
  });

  describe('a server that asks to be left alone', () => {
    it('is asked again, but nobody waits for a day', async () => {
      const server = await faultServer((_request, response) =>
        problem(response, 503, 'unavailable', 'Draining.', { 'retry-after': '86400' }),
      );
      const door = await httpDoor(server.url, transport);
      const started = performance.now();
      const error = await failure(door.call('getBuild', { params: build }));
      expect(performance.now() - started).toBeLessThan(2000);
      expect(server.requests).toHaveLength(3);
      expect(error).toBeInstanceOf(UnavailableError);
    });

    it('is asked again while it performs the first sending of a request', async () => {
      const server = await faultServer((_request, response, number) =>
        number === 1
          ? problem(response, 409, 'request_in_flight', 'Being performed.', { 'retry-after': '0' })
          : json(response, 201, answer),
      );
      const door = await httpDoor(server.url, transport);
      await door.call('createToken', { params: { userId: 'me' }, body: { name: 'x', scopes: [] } });
      expect(server.requests).toHaveLength(2);
    });
  });

  describe('an answer that does not end', () => {
    it('is given up when it stalls half-way', async () => {
      const server = await faultServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"id":');
      });
      const door = await httpDoor(server.url, transport, { limits: { tryMs: 150, tries: 2 } });
      const error = await failure(door.call('getBuild', { params: build }));
      expect(error).toBeInstanceOf(UnreachableError);
      expect(error.message).toMatch(/no answer within 0.15 s/);
      expect(server.requests).toHaveLength(2);
    });

    it('is given up when it never begins, and all tries together when the total time is over', async () => {
      const server = await faultServer(() => {});
      const limits = { tryMs: 10_000, totalMs: 250, tries: 9 };
      const door = await httpDoor(server.url, transport, { limits });
      const started = performance.now();
      await expect(door.call('getBuild', { params: build })).rejects.toThrow(UnreachableError);
      expect(performance.now() - started).toBeLessThan(2000);
      expect(server.requests).toHaveLength(1);
    });

    it('is cut when it is announced to be too large', async () => {
      const server = await faultServer((_request, response) => {
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': String(200 * 1024 ** 2),
        });
        response.write('[');
      });
      const door = await httpDoor(server.url, transport);
      const error = await failure(door.call('listBuilds', {}));
      expect(error).toBeInstanceOf(LimitError);
      expect(error.message).toMatch(/exceeds limit: more than 67108864 bytes/);
      expect(server.requests).toHaveLength(1);
    });

    it('is cut when it turns out to be too large, without being kept', async () => {
      let sent = 0;
      const server = await faultServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const chunk = Buffer.alloc(64 * 1024, ' ');
        const more = () => {
          while (!response.destroyed && sent < 200 * 1024 ** 2) {
            sent += chunk.length;
            if (!response.write(chunk)) return;
          }
          if (!response.destroyed) response.end();
        };
        response.on('drain', more);
        more();
      });
      const door = await httpDoor(server.url, transport, { limits: { maxAnswerBytes: 1024 ** 2 } });
      await expect(door.call('listBuilds', {})).rejects.toThrow(LimitError);
      expect(sent).toBeLessThan(100 * 1024 ** 2);
    });
  });

  it('ends at once with the caller’s reason when the caller gives up', async () => {
    const server = await faultServer(() => {});
    const door = await httpDoor(server.url, transport);
    const giveUp = new AbortController();
    const call = failure(door.call('getBuild', { params: build }, { signal: giveUp.signal }));
    setTimeout(() => giveUp.abort(new Error('enough')), 50);
    expect((await call).message).toBe('enough');
    expect(server.requests).toHaveLength(1);
    const late = await failure(door.call('getBuild', { params: build }, { signal: giveUp.signal }));
    expect(late.message).toBe('enough');
    expect(server.requests).toHaveLength(1);
  });
});
