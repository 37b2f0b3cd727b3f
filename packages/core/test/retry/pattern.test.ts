import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFound, patternCost } from '../../src/retry/pattern/linear-pattern.ts';
import { cpuMs } from '../support/cpu-time.ts';

const escaped = (unit: string) => (/[\\^$.*+?()[\]{}|/-]/.test(unit) ? `\\${unit}` : unit);
const unit = fc.constantFrom('a', 'b', 'A', 'é', 'É', 'ß', 'ſ', 'K', '0', '_', ' ', '\n', '-', '.', ']');
const atom = fc.oneof(
  unit.map(escaped),
  fc.constantFrom(
    '.',
    '\\d',
    '\\w',
    '\\s',
    '\\D',
    '\\W',
    '\\S',
    '\\b',
    '\\B',
    '^',
    '$',
    '\\n',
    '\\x61',
    '\\u00e9',
  ),
  fc
    .record({
      negated: fc.boolean(),
      members: fc.array(fc.oneof(unit.map(escaped), fc.constantFrom('a-c', 'Z-\\u00ff', '\\d', '\\W')), {
        maxLength: 4,
      }),
    })
    .map(({ negated, members }) => `[${negated ? '^' : ''}${members.join('')}]`),
);
const { pattern } = fc.letrec<{ pattern: string; group: string; piece: string }>((tie) => ({
  group: tie('pattern').map((inner) => `(?:${inner})`),
  piece: fc
    .tuple(
      fc.oneof({ maxDepth: 2 }, atom, tie('group')),
      fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{0,2}', '{1,}', '{2,3}?'),
    )
    .map(([item, quantifier]) => (/^(\^|\$|\\b|\\B)$/i.test(item) ? item : item + quantifier)),
  pattern: fc
    .array(fc.array(tie('piece'), { maxLength: 3 }), { minLength: 1, maxLength: 2 })
    .map((choices) => choices.map((pieces) => pieces.join('')).join('|')),
}));
const text = fc
  .array(fc.oneof(unit, fc.constantFrom('aa', 'ab', 'k', 's', 'S')), { maxLength: 8 })
  .map((units) => units.join(''));

describe('patterns of projects', () => {
  it('find what the regular expressions of JavaScript find', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        // Small enough for the engine's own matcher, which backtracks, to come to an end.
        const cost = patternCost(source);
        fc.pre(typeof cost === 'number' && cost <= 25);
        expect(isFound(source, subject), `/${source}/i in ${JSON.stringify(subject)}`).toBe(
          new RegExp(source, 'i').test(subject),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, string, boolean]>([
    ['mirror .* is syncing', 'Error: Mirror 7 is syncing now', true],
    ['^E: .+ lock', 'W: E: no lock', false],
    ['(timed? ?out|deadline)', 'context DEADLINE exceeded', true],
    ['exit (code|status) 1\\d\\d\\b', 'exit status 137.', true],
    ['exit (code|status) 1\\d\\d\\b', 'exit status 1370', false],
    ['a{,2}', 'xa{,2}x', true],
    ['\\$\\{VAR', `unset $\{VAR}`, true],
    ['größe', 'GRÖSSE oder GRÖßE', true],
    ['', 'anything', true],
  ])('%j in %j: %s', (source, subject, found) => {
    expect(isFound(source, subject)).toBe(found);
  });

  it.each([
    ['(', /without a "\)"/],
    [')', /without a "\("/],
    ['a)b', /without a "\("/],
    ['[a', /without an end/],
    ['[b-a]', /backwards/],
    ['[a-\\d]', /ends in a set/],
    ['*', /nothing to repeat/],
    ['a**', /nothing to repeat/],
    ['{2}', /nothing to repeat/],
    ['^*', /repeats an edge/],
    ['a{3,2}', /backwards/],
    ['a{2000}', /more than 1000 times/],
    ['(a{100}){100}', /too large/],
    ['a\\', /backslash/],
    ['\\1', /refers back/],
    ['\\k<x>', /refers back/],
    ['(?=a)', /looks around/],
    ['(?<!a)b', /looks around/],
    ['(?i)a', /sets something/],
    ['\\q', /unknown escape/],
    ['('.repeat(50) + ')'.repeat(50), /nested deeper/],
  ])('%j is none, and the reason is said', (source, reason) => {
    expect(patternCost(source)).toMatch(reason);
    expect(isFound(source, source)).toBe(false);
  });

  it.each([
    '(a+)+$',
    '(a*)*b',
    '(a|aa)+$',
    '(a|a)*$',
    '.*.*.*.*.*=',
    '(.*a){12}$',
    '(?:a?){25}a{25}b',
    '([a-z]+)*[0-9]',
  ])('%j takes time in proportion to the text', (source) => {
    const subject = `${'a'.repeat(4095)}!`;
    const before = cpuMs();
    isFound(source, subject);
    // What backtracks takes longer than anybody would wait.
    expect(cpuMs() - before).toBeLessThan(1000);
  });

  it('of any text are compiled or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (source) => {
        const cost = patternCost(source);
        if (typeof cost === 'number') expect(() => new RegExp(source)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
