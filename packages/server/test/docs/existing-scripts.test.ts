import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from '../support/test-server.ts';
import { exchangesOnPage } from './exchanges.ts';
import { broken, filled, type Given } from './promises.ts';

describe('what existing scripts send', () => {
  let server: TestServer;
  const given: Given = new Map();
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.remove());

  const exchanges = exchangesOnPage();

  it('is a page of many requests', () => {
    expect(exchanges.length).toBeGreaterThan(40);
  });

  // In the order of the page: later requests use what earlier answers gave.
  it.each(exchanges)('is answered as the page says: $title, $method $path', async (exchange) => {
    const { method, path, headers, body, status, answerHeaders, answer } = exchange;
    const response = await server.send(filled(path, given), {
      method,
      key: null,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, filled(value, given)]),
      ),
      ...(body !== undefined && { raw: filled(body, given) }),
    });
    expect(response.status, response.text).toBe(status);
    for (const [name, value] of Object.entries(answerHeaders)) {
      expect(broken(value, response.headers.get(name), given, name)).toEqual([]);
    }
    if (answer === undefined) expect(response.text).toBe('');
    else expect(broken(answer, response.json(), given), response.text).toEqual([]);
  });
});

describe('promises of a page', () => {
  const given: Given = new Map([['build', 'abc']]);

  it('are broken by any other value, missing members and members that the page does not show', () => {
    const promised = { id: '{build}', state: 5, list: [{ at: '<time>' }] };
    const good = { id: 'abc', state: 5, list: [{ at: '2026-01-01T00:00:00.000Z' }] };
    expect(broken(promised, good, given)).toEqual([]);
    expect(broken(promised, { ...good, id: 'abd' }, given)).toEqual(['.id is "abd", not "abc"']);
    expect(broken(promised, { ...good, state: '5' }, given)).toEqual(['.state is "5", not 5']);
    expect(broken(promised, { ...good, list: [{ at: 'now' }] }, given)).toEqual([
      '.list[0].at is no time: "now"',
    ]);
    expect(broken(promised, { ...good, list: [] }, given)).toHaveLength(2);
    expect(broken(promised, { ...good, more: 1 }, given)).toEqual(['.more is not on the page: 1']);
    expect(broken({ ...promised, '…': '…' }, { ...good, more: 1 }, given)).toEqual([]);
    expect(broken({ ...promised, '…': '…' }, { state: 5 }, given)).toHaveLength(2);
  });

  it('take an id under its name once, and hold it to that', () => {
    expect(broken(['{new}', '{new}'], ['x', 'x'], given)).toEqual([]);
    expect(broken('{new}', 'y', given)).toEqual([' is "y", not "x"']);
    expect(() => filled('/builds/{nobody}', given)).toThrow(RangeError);
  });
});
