import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { IllegalTransitionError, NotFoundError, UnreachableError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { faultServer, json, problem } from '../support/fault-server.ts';
import { failure, httpDoor, transports } from '../support/http-door.ts';

const build = { buildId: 'b' };
const report = { params: build, body: { state: 10, eventId: randomUUID() } };
const answer = { id: 'b', warnings: [] };

describe.each(Object.keys(transports))('answers over %s', (transport) => {
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
