import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import {
  IllegalTransitionError,
  LimitError,
  NotFoundError,
  UnavailableError,
  UnreachableError,
} from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { faultServer, json, problem } from '../support/fault-server.ts';
import { failure, httpDoor, transports } from '../support/http-door.ts';

const build = { buildId: 'b' };
const report = { params: build, body: { state: 10, eventId: randomUUID() } };
const answer = { id: 'b', warnings: [] };

describe.each(Object.keys(transports))('over %s', (transport) => {
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

    it('is not made again for a report without an event_id, nor for a POST that cannot carry one', async () => {
      const server = await faultServer((request) => request.socket.resetAndDestroy());
      const door = await httpDoor(server.url, transport);
      const reported = await failure(door.call('recordState', { params: build, body: { state: 10 } }));
      const created = await failure(
        door.call('createStateCode', { params: { projectId: 'p' }, body: { stateCode: 42, name: 'x' } }),
      );
      expect(server.requests).toHaveLength(2);
      for (const error of [reported, created]) {
        expect(error).toBeInstanceOf(UnreachableError);
        expect(error.message).toMatch(/Whether it took effect is not known/);
      }
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

    it('is not asked again for what cannot be repeated', async () => {
      const server = await faultServer((_request, response) =>
        problem(response, 503, 'unavailable', 'Draining.'),
      );
      const door = await httpDoor(server.url, transport);
      await failure(door.call('createToken', { params: { userId: 'me' }, body: { name: 'x', scopes: [] } }));
      expect(server.requests).toHaveLength(1);
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

  describe('somebody else who answers', () => {
    it('is not taken for the server when a proxy shows an error page, which is tried again', async () => {
      const server = await faultServer((_request, response) => {
        response.writeHead(502, { 'content-type': 'text/html' });
        response.end('<h1>Bad gateway</h1>');
      });
      const door = await httpDoor(server.url, transport);
      const error = await failure(door.call('getBuild', { params: build }));
      expect(error).toBeInstanceOf(UnreachableError);
      expect(error.message).toContain(`${server.url} answered 502 with text/html`);
      expect(server.requests).toHaveLength(3);
    });

    it.each([200, 404])(
      'is not taken for the server when a portal shows a page with status %i',
      async (status) => {
        const server = await faultServer((_request, response) => {
          response.writeHead(status, { 'content-type': 'text/html' });
          response.end('<h1>Please log in</h1>');
        });
        const door = await httpDoor(server.url, transport);
        const error = await failure(door.call('getBuild', { params: build }));
        expect(error).toBeInstanceOf(UnreachableError);
        expect(error).not.toBeInstanceOf(NotFoundError);
        expect(server.requests).toHaveLength(1);
      },
    );

    it('is not believed when JSON is cut or is no problem document', async () => {
      const server = await faultServer((_request, response, number) => {
        const status = number === 1 ? 200 : 400;
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(number === 1 ? '{"id":' : '["surprise"]');
      });
      const door = await httpDoor(server.url, transport);
      await expect(door.call('getBuild', { params: build })).rejects.toThrow(UnreachableError);
      await expect(door.call('getBuild', { params: build })).rejects.toThrow(UnreachableError);
    });

    it('is not followed elsewhere, and gets no key there', async () => {
      const target = await faultServer((_request, response) => json(response, 200, answer));
      const server = await faultServer((_request, response) => {
        response.writeHead(301, { location: `${target.url}/builds/b` });
        response.end();
      });
      const door = await httpDoor(server.url, transport);
      const error = await failure(door.call('getBuild', { params: build }));
      expect(error).toBeInstanceOf(UnreachableError);
      expect(error.message).toContain(`redirects to ${target.url}`);
      expect(target.requests).toHaveLength(0);
    });
  });

  describe('an error of the server', () => {
    it('becomes the class that the same error has locally, with its facts and fields', async () => {
      const server = await faultServer((_request, response) => {
        response.writeHead(409, { 'content-type': 'application/problem+json' });
        response.end(
          JSON.stringify({
            code: 'illegal_transition',
            detail: 'State 50 cannot start.',
            status: 409,
            context: { state: 50 },
            errors: [{ path: 'state', message: 'is too high' }, 'nonsense'],
            request_id: 'r-1',
          }),
        );
      });
      const door = await httpDoor(server.url, transport);
      const error = (await failure(door.call('recordState', report))) as IllegalTransitionError;
      expect(error).toBeInstanceOf(IllegalTransitionError);
      expect(error.message).toBe('State 50 cannot start.');
      expect(error.context).toEqual({ state: 50, request_id: 'r-1' });
      expect(error.problems).toEqual([{ path: 'state', message: 'is too high' }]);
      expect(server.requests).toHaveLength(1);
    });

    it('cannot break the client with members of other types', async () => {
      const server = await faultServer((_request, response) =>
        json(response, 422, {
          code: 7,
          detail: 'Bad.',
          title: [],
          errors: 'x',
          context: 'y',
          request_id: {},
        }),
      );
      const door = await httpDoor(server.url, transport);
      const error = await failure(door.call('recordState', report));
      expect(error.message).toBe('Bad.');
      expect(error).toMatchObject({ code: 'http_422', kind: 'invalid', problems: [] });
    });

    it('shows no control characters and never the key, even when the server repeats it', async () => {
      const server = await faultServer((request, response) =>
        problem(
          response,
          401,
          'unauthenticated',
          `\u001b[31mThe key ${request.headers['x-api-key']} is unknown.`,
        ),
      );
      const door = await httpDoor(server.url, transport, { apiKey: 'canary-7f3a9c' });
      const error = await failure(door.call('getCaller', {}));
      expect(error.message).toBe(' [31mThe key [key] is unknown.');
    });
  });

  it('shows the key to nobody who looks into errors, the door or the client', async () => {
    const server = await faultServer((request) => request.socket.resetAndDestroy());
    const url = server.url.replace('//', '//proxyuser:canary-password@');
    const door = await httpDoor(url, transport, { apiKey: 'canary-7f3a9c' });
    const error = await failure(door.call('getBuild', { params: build }));
    const seen = [
      inspect(error, { depth: 20, showHidden: true }),
      inspect(door, { depth: 20 }),
      String(error.stack),
      JSON.stringify(error),
    ];
    expect(seen.join('\n')).not.toMatch(/canary|Y2FuYXJ5|proxyuser/);
    expect(server.requests[0]?.headers['x-api-key']).toBe('canary-7f3a9c');
    expect(server.requests[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it('keeps the request, and the key in it, out of what the transport itself throws', async () => {
    const server = await faultServer((request) => request.socket.resetAndDestroy());
    const made = await transports[transport]?.();
    const { signal } = new AbortController();
    const headers = { 'x-api-key': 'canary-7f3a9c' };
    const error = await failure(
      made?.send({ method: 'GET', url: server.url, headers, signal }) ?? Promise.resolve(),
    );
    await made?.close();
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('canary');
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

  it('takes “not found” for success when the answer to the deletion before was lost', async () => {
    const server = await faultServer((request, response, number) => {
      if (number === 1) request.socket.resetAndDestroy();
      else problem(response, 404, 'not_found', 'There is no such build.');
    });
    const door = await httpDoor(server.url, transport);
    await expect(door.call('deleteBuild', { params: build })).resolves.toEqual({ body: undefined });
    await expect(door.call('deleteBuild', { params: build })).rejects.toThrow(NotFoundError);
  });

  it('puts parameters into the path as one segment each, and queries and bodies under their wire names', async () => {
    const server = await faultServer((_request, response) => json(response, 200, []));
    const door = await httpDoor(`${server.url}/tracker/`, transport);
    await door.call('listAttempts', {
      params: { buildId: 'p:a/b?c#d' },
      query: { state: '10', cursor: 'x&y=1' },
    });
    await door.call('recordFailure', {
      params: build,
      body: { stateCode: 5, errorMessage: 'ä\u2028', eventId: randomUUID(), errorDetails: { userKey: 1 } },
    });
    expect(server.requests[0]?.url).toBe(
      '/tracker/builds/p%3Aa%2Fb%3Fc%23d/states?state=10&cursor=x%26y%3D1',
    );
    expect(JSON.parse(server.requests[1]?.body ?? '')).toMatchObject({
      state_code: 5,
      error_message: 'ä\u2028',
      error_details: { userKey: 1 },
    });
  });

  it('reads where the next page begins, and keeps the keys of answers that belong to the user', async () => {
    const server = await faultServer((_request, response, number) => {
      const link = { link: '</builds?limit=1&cursor=c%2B1>; rel="next"' };
      if (number === 1) json(response, 200, [{ build_number: '7' }], link);
      else json(response, 200, { my_key: 'v', __proto_x: 'w' });
    });
    const door = await httpDoor(server.url, transport);
    expect(await door.call('listBuilds', {})).toEqual({ body: [{ buildNumber: '7' }], next: 'c+1' });
    expect((await door.call('getVariableDict', { params: build })).body).toEqual({
      my_key: 'v',
      __proto_x: 'w',
    });
  });
});
