import { describe, expect, it } from 'vitest';
import { expand } from '../../src/run/file/expand.ts';

const environment = { NUMBER: '42', EMPTY: '', WITH: `a \${NUMBER} $$` };

describe('filling in variables', () => {
  it.each([
    [`build-\${NUMBER}-x`, 'build-42-x'],
    [`\${NUMBER:-auto}`, '42'],
    [`\${NONE:-auto}`, 'auto'],
    [`\${NONE:-}`, ''],
    [`\${EMPTY:-auto}`, 'auto'],
    [`\${EMPTY}`, ''],
    [`\${NONE:-a:-b c}`, 'a:-b c'],
    ['$$', '$'],
    [`$\${NUMBER}`, `\${NUMBER}`],
    ['$$$$', '$$'],
    ['$NUMBER costs 5$', '$NUMBER costs 5$'],
    [`\${WITH}`, `a \${NUMBER} $$`],
    ['plain', 'plain'],
  ])('%j becomes %j', (text, expected) => {
    expect(expand(text, environment)).toEqual({ text: expected });
  });

  it.each([
    [`\${NONE}`, /\$\{NONE\}, which is not set/],
    [`\${}`, /neither/],
    [`\${1A}`, /neither/],
    [`\${A-b}`, /neither/],
    [`\${NUMBER`, /closing brace/],
    [`\${A:-\${NUMBER}}`, /variable inside the default/],
  ])('%j is a problem', (text, problem) => {
    expect(expand(text, environment)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
