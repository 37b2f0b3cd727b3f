import { ForbiddenError, UnavailableError, UnreachableError } from '@buildstate/core';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failure, httpDoor } from '../support/http-door.ts';

/** Servers behind names that lead nowhere on the machine that tests run on. */
const origin = 'https://builds.example.com';
const base = `${origin}/tracker`;
const network = setupServer();

beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
afterEach(() => network.resetHandlers());
afterAll(() => network.close());

const build = { buildId: 'b' };

describe('a hosted server over ky', () => {
  it('is spoken to over TLS under its path, with the key in a header and nowhere else', async () => {
    let seen: Request | undefined;
    network.use(
      http.get(`${base}/builds/b`, ({ request }) => {
        seen = request;
        return HttpResponse.json({ id: 'b' });
      }),
    );
    const door = await httpDoor(base, 'ky');
    expect((await door.call('getBuild', { params: build })).body).toEqual({ id: 'b' });
    expect(seen?.headers.get('x-api-key')).toBe('test-key');
    expect(seen?.url).not.toContain('test-key');
  });

  it('may ask for patience with a rate limit, and is asked again', async () => {
    let asked = 0;
    network.use(
      http.get(`${base}/builds/b`, () => {
        asked += 1;
        if (asked === 3) return HttpResponse.json({ id: 'b' });
        const headers = { 'retry-after': '3600' };
        return HttpResponse.json({ code: 'unavailable', detail: 'Slow down.' }, { status: 429, headers });
      }),
    );
    const door = await httpDoor(base, 'ky');
    expect((await door.call('getBuild', { params: build })).body).toEqual({ id: 'b' });
    const impatient = await httpDoor(base, 'ky', { limits: { tries: 1 } });
    asked = 0;
    await expect(impatient.call('getBuild', { params: build })).rejects.toThrow(UnavailableError);
  });

  it('may be cut off by the network at any time', async () => {
    network.use(http.get(`${base}/builds/b`, () => HttpResponse.error()));
    const door = await httpDoor(base, 'ky');
    const error = await failure(door.call('getBuild', { params: build }));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain(base);
  });

  it('may be hidden behind a gateway that refuses in its own words', async () => {
    network.use(
      http.get(
        `${base}/users/me`,
        () => new HttpResponse('<h1>403</h1>', { status: 403, headers: { 'content-type': 'text/html' } }),
      ),
    );
    const door = await httpDoor(base, 'ky');
    const error = await failure(door.call('getCaller', {}));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).not.toBeInstanceOf(ForbiddenError);
    expect(error.message).toMatch(/answered 403 with text\/html/);
  });
});
