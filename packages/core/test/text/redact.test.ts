import { describe, expect, it } from 'vitest';
import { createRedactor, redactFields, redactJson } from '../../src/text/redact.ts';
import { cpuMs } from '../support/cpu-time.ts';

describe('redaction', () => {
  it.each([
    ['AKIAIOSFODNN7EXAMPLE'],
    [`ghp_${'a1B2'.repeat(9)}`],
    [`github_pat_${'a1B2'.repeat(8)}`],
    [`glpat-${'a1B2'.repeat(5)}`],
    ['xoxb-123456789012-abcdef'],
    [`AIza${'a1B2-'.repeat(7)}`],
    [`sk_live_${'a1B2'.repeat(4)}`],
    [`npm_${'a1B2'.repeat(9)}`],
    [`hvs.${'a1B2'.repeat(6)}`],
    [`bldst_0123456789abcdef_${'x'.repeat(43)}`],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'],
  ])('takes out %s', (secret) => {
    expect(createRedactor()(`before ${secret} after`)).toBe('before [redacted] after');
  });

  it('keeps what surrounds a password', () => {
    const redact = createRedactor();
    expect(redact('git clone https://me:hunter22@host/x')).toBe('git clone https://me:[redacted]@host/x');
    expect(redact('password=hunter22 user=me')).toBe('password=[redacted] user=me');
    expect(redact('Authorization: Bearer abc.def')).toBe('Authorization: Bearer [redacted]');
    expect(redact('DB_PASSWORD=hunter22 DB_USER=me')).toBe('DB_PASSWORD=[redacted] DB_USER=me');
    expect(redact('X-Api-Key: 0123456789')).toBe('X-Api-Key: [redacted]');
    expect(redact('redis://:hunter22@host/0')).toBe('redis://:[redacted]@host/0');
    expect(redact('{"password":"hunter22","user":"me"}')).toBe('{"password":"[redacted]","user":"me"}');
    expect(redact('{\\"password\\":\\"hunter22\\"}')).not.toContain('hunter22');
    expect(redact('AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG')).toBe('AWS_SECRET_ACCESS_KEY=[redacted]');
  });

  it('leaves ordinary texts alone', () => {
    const redact = createRedactor();
    for (const text of [
      'The password was not accepted.',
      'Unexpected token } in JSON at position 12',
      'cd /root && PWD=/root make',
      'https://host:8443/path?x=1#y',
      `sha256:${'ab'.repeat(32)}`,
      '0192f0c1-0000-7000-8000-000000000001',
    ]) {
      expect(redact(text)).toBe(text);
    }
  });

  it('takes out given values, longest first, and each line of them', () => {
    const redact = createRedactor(['secret', 'secret-and-more', 'line one\nline two']);
    expect(redact('secret-and-more, secret')).toBe('[redacted], [redacted]');
    expect(redact('> line two')).toBe('> [redacted]');
  });

  it('takes out given values as tools print them: in JSON, in URLs, in base64', () => {
    const secret = 'p@ss "wörd"';
    const redact = createRedactor([secret]);
    const base64 = Buffer.from(secret).toString('base64');
    for (const text of [JSON.stringify({ a: secret }), `?p=${encodeURIComponent(secret)}`, `x ${base64} y`]) {
      expect(redact(text)).toContain('[redacted]');
      expect(redact(text)).not.toMatch(/w(ö|%C3%B6)rd|cEBzcy/);
    }
  });

  it('does not tell a secret from its surroundings by blanks around it', () => {
    expect(createRedactor([' hunter2\n'])('login hunter2 failed')).toBe('login [redacted] failed');
  });

  it('leaves texts alone where values are too short to be secrets', () => {
    expect(createRedactor(['1', 'ab', ' '])('1 ab')).toBe('1 ab');
  });

  it('reaches into JSON', () => {
    const redact = createRedactor(['hunter2']);
    expect(redactJson({ list: ['hunter2', { hunter2: 1 }], n: null }, redact)).toEqual({
      list: ['[redacted]', { '[redacted]': 1 }],
      n: null,
    });
    expect(redactJson({ pin: 471100, port: 8080, small: 1 }, createRedactor(['471100']))).toEqual({
      pin: '[redacted]',
      port: 8080,
      small: 1,
    });
  });

  it('redacts the fields that are named, where they are there', () => {
    const redact = createRedactor(['hunter2']);
    const fields: { a?: string; b: string; c?: string } = { a: 'hunter2', b: 'hunter2' };
    expect(redactFields(fields, ['a', 'c'], redact)).toEqual({ a: '[redacted]', b: 'hunter2' });
  });

  it.each([
    'a.',
    'a-',
    'a://a:',
    'eyJ-',
    'eyJaaaaaaaaa.',
    '.eyJaaaaaaaaa',
    'hvs.',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '-----END ',
    'authorization ',
    'password = ',
    'xoxb-',
    'ghp_',
  ])('takes time in proportion to a text of nothing but %j', (unit) => {
    const redact = createRedactor();
    const text = unit.repeat(Math.ceil(65_536 / unit.length));
    const before = cpuMs();
    redact(text);
    // A pattern that backtracks takes many seconds for this; a sound one some thousandths.
    expect(cpuMs() - before).toBeLessThan(1000);
  });
});
