import { MalformedError, ValidationError } from '@buildstate/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../src/http/strict-json.ts';

describe('parseStrictJson', () => {
  it('gives what JSON.parse gives for everything that JSON.stringify makes', () => {
    const value = fc.jsonValue({ maxDepth: 8 }).filter((json) => !JSON.stringify(json).includes('__proto__'));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        expect(parseStrictJson(text, 64)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('finds every field that comes twice, whatever stands around it', () => {
    const withoutProto = fc
      .jsonValue({ maxDepth: 2 })
      .filter((json) => !JSON.stringify(json).includes('__proto__'));
    const member = fc.tuple(
      fc.constantFrom('a', 'b', ':', 'a:', 'é'),
      fc.oneof(withoutProto, fc.constantFrom(':', '::', 'a:b')),
    );
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), fc.nat(4), (members, wrapped) => {
        const object = members
          .map(([key, json]) => `${JSON.stringify(key)}: ${JSON.stringify(json)}`)
          .join(',');
        const text = `${'[{"x":'.repeat(wrapped)}{${object}}${'}]'.repeat(wrapped)}`;
        const hasTwice = new Set(members.map(([key]) => key)).size < members.length;
        if (hasTwice) expect(() => parseStrictJson(text, 64)).toThrow(/twice/);
        else expect(parseStrictJson(text, 64)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}'],
    ['{"a":{"b":1,"c":2,"b":3}}'],
    ['[{"x":1},{"x":1,"x":1}]'],
    ['{"a":1,"\\u0061":2}'],
    ['{"a\\\\":1,"a\\\\":2}'],
    ['{"":1,"":2}'],
  ])('refuses a key that an object has twice: %s', (text) => {
    expect(() => parseStrictJson(text, 64)).toThrow(MalformedError);
    expect(() => parseStrictJson(text, 64)).toThrow(/twice/);
  });

  it.each([
    ['{"a":{"k":1},"b":{"k":1}}'],
    ['[{"k":1},{"k":1}]'],
    ['{"a":"a","b":["a","a"]}'],
    ['{"a":"{\\"x\\":1,\\"x\\":2}"}'],
    ['{"a\\\\":1,"a":2}'],
  ])('allows the same key in different objects, and texts that look like keys: %s', (text) => {
    expect(parseStrictJson(text, 64)).toEqual(JSON.parse(text));
  });

  it.each([['{"__proto__":{"admin":true}}'], ['{"a":[{"\\u005f_proto__":1}]}']])('refuses %s', (text) => {
    expect(() => parseStrictJson(text, 64)).toThrow(/__proto__/);
  });

  it.each([
    ['{'],
    ['{"a":}'],
    ['{"a" 1}'],
    ['nul'],
    ['{"a":1}}'],
    ["{'a':1}"],
    ['{"a'],
    ['"\\'],
    ['{"\\u00zz":1}'],
  ])('refuses what is no JSON: %s', (text) => {
    expect(() => parseStrictJson(text, 64)).toThrow(MalformedError);
  });

  it('never repeats the body in its message', () => {
    expect(() => parseStrictJson('{"password": hunter2}', 64)).toThrow(/^(?!.*hunter2).*$/s);
    expect(() => parseStrictJson('hunter2', 64)).toThrow(/^(?!.*hunter).*$/s);
  });

  it('refuses nesting beyond the depth, whatever the brackets, without recursion', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseStrictJson(nested(64), 64)).toBeTruthy();
    for (const depth of [65, 100_000]) {
      expect(() => parseStrictJson(nested(depth), 64)).toThrow(ValidationError);
      expect(() => parseStrictJson('{"a":'.repeat(depth), 64)).toThrow(/deeper than 64/);
    }
  });

  it('takes time in proportion to the length, also for texts full of escapes', () => {
    const evil = `{"a":"${'\\\\'.repeat(250_000)}"}`;
    const startedAt = process.threadCpuUsage();
    parseStrictJson(evil, 64);
    expect(process.threadCpuUsage(startedAt).user).toBeLessThan(2_000_000);
  });
});
