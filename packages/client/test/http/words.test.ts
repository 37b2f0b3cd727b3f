import { describe, expect, it } from 'vitest';
import { parseBaseUrl } from '../../src/http/base-url.ts';
import { networkFault } from '../../src/http/fault.ts';
import { nextCursor } from '../../src/http/link-header.ts';
import { TryTimedOut } from '../../src/http/try-limit.ts';

describe('the address of a server', () => {
  it('loses its credentials and its last slash', () => {
    const base = parseBaseUrl('https://ci%40x:p%3Aw@builds.example.com:8443/tracker/');
    expect(base).toEqual({
      uri: 'https://builds.example.com:8443/tracker',
      origin: 'https://builds.example.com:8443',
      authorization: `Basic ${Buffer.from('ci@x:p:w').toString('base64')}`,
    });
  });

  it.each([
    'http://',
    'https://canary@',
    'http://h:99999/canary',
    'https://canary:pw@h/?q=1',
    'http://h/#canary',
  ])('that cannot be used is refused without being repeated: %s', (text) => {
    expect(() => parseBaseUrl(text)).toThrow(/tracker's URL/);
    expect(() => parseBaseUrl(text)).not.toThrow(/canary|pw/);
  });
});

describe('a network fault in words', () => {
  function withCode(code: string): Error {
    const inner = Object.assign(new Error(`boom ${code}`), { code });
    return new TypeError('fetch failed', { cause: inner });
  }

  it.each([
    ['ECONNREFUSED', true, 'nothing listens there'],
    ['ECONNRESET', true, 'the connection was cut'],
    ['UND_ERR_SOCKET', true, 'the connection was cut'],
    ['EAI_AGAIN', true, 'the name service does not answer'],
    ['ENOTFOUND', false, 'the name service does not know that host'],
    ['EHOSTUNREACH', true, 'there is no way to that host'],
    ['CERT_HAS_EXPIRED', false, 'its certificate is not accepted'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', false, 'its certificate is not accepted'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'its certificate is not accepted'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'no TLS is spoken there'],
  ])('explains %s', (code, transient, reason) => {
    const fault = networkFault('http://h', withCode(code), true);
    expect(fault.transient).toBe(transient);
    expect(fault.error.message).toContain(`http://h cannot be reached: ${reason} (${code}).`);
    expect(fault.error.context).toEqual({ uri: 'http://h', system_code: code });
  });

  it('finds the code of the first of several addresses that were tried', () => {
    const tried = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]);
    const fault = networkFault('http://h', new TypeError('fetch failed', { cause: tried }), true);
    expect(fault.error.message).toMatch(/nothing listens there \(ECONNREFUSED\)/);
  });

  it('says how long was waited, and does not guess about what it does not know', () => {
    expect(networkFault('http://h', new TryTimedOut(1500), true).error.message).toMatch(
      /no answer within 1.5 s\. /,
    );
    const odd = networkFault('http://h', new Error('odd'), true);
    expect([odd.transient, odd.error.message]).toEqual([false, expect.stringContaining('odd')]);
    expect(networkFault('http://h', 'text', true).error.message).toMatch(/the request failed/);
  });

  it('warns that something may have happened only where it may', () => {
    const words = /Whether it took effect is not known/;
    expect(networkFault('http://h', withCode('ECONNRESET'), false).error.message).toMatch(words);
    expect(networkFault('http://h', withCode('ECONNRESET'), true).error.message).not.toMatch(words);
    expect(networkFault('http://h', withCode('ECONNREFUSED'), false).error.message).not.toMatch(words);
  });
});

describe('the Link header', () => {
  it.each([
    ['<https://h/builds?cursor=abc&limit=2>; rel="next"', 'abc'],
    ['</builds?cursor=a%2Bb>; rel=next', 'a+b'],
    ['</a?cursor=1>; rel="prev", </a?cursor=2>; rel="next"', '2'],
    ['</a?cursor=1>; rel="prev"', undefined],
    ['</a>; rel="next"', undefined],
    ['nonsense', undefined],
    [undefined, undefined],
  ])('of %s leads on', (header, cursor) => {
    expect(nextCursor(header, 'https://h')).toBe(cursor);
  });
});
