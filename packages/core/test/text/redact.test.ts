import { describe, expect, it } from 'vitest';
import { createRedactor, redactJson } from '../../src/text/redact.ts';

describe('redaction', () => {
  it.each([
    ['AKIAIOSFODNN7EXAMPLE'],
    [`ghp_${'a1B2'.repeat(9)}`],
    [`github_pat_${'a1B2'.repeat(8)}`],
    [`glpat-${'a1B2'.repeat(5)}`],
    ['xoxb-123456789012-abcdef'],
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
  });

  it('takes out given values, longest first, and each line of them', () => {
    const redact = createRedactor(['secret', 'secret-and-more', 'line one\nline two']);
    expect(redact('secret-and-more, secret')).toBe('[redacted], [redacted]');
    expect(redact('> line two')).toBe('> [redacted]');
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
  });
});
