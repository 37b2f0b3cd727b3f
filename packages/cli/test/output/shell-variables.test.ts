import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  namedVariables,
  shellAssignments,
  shellQuote,
  variableName,
} from '../../src/output/shell-variables.ts';

/** What a shell makes of assignments: the values, told apart by NUL, which no variable can hold. */
function throughShell(shell: string, script: string, names: readonly string[]): string[] {
  const print = names.map((name) => `printf '%s\\0' "$${name}"`).join('\n');
  const output = execFileSync(shell, ['-c', `eval "$BLDST_TEST_SCRIPT"\n${print}`], {
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', BLDST_TEST_SCRIPT: script },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  return output.toString('utf8').split('\0').slice(0, -1);
}

const awkward = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~=% \t\n\r\u0001\u007f\u0000aé漢😀'),
    maxLength: 40,
  }),
);
// A variable can hold no NUL, and UTF-8 no half of a surrogate pair; the tracker accepts neither.
const value = awkward.map((text) => text.replaceAll('\0', '').toWellFormed());

for (const shell of ['bash', 'sh']) {
  test(`any value survives eval in ${shell}`, () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
        const names = values.map((_, index) => `V${index}`);
        const script = shellAssignments(Object.fromEntries(names.map((name, at) => [name, values[at]])));
        expect(throughShell(shell, script, names)).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });
}

test('what means itself in every shell is left as it is', () => {
  expect(shellQuote('s3://bucket/a-b_c.qcow2')).toBe('s3://bucket/a-b_c.qcow2');
  expect(shellAssignments({ RESUME_STATE: 35, EMPTY: undefined })).toBe("RESUME_STATE=35\nEMPTY=''");
});

test('names become capitals, and underscores for what shells do not allow', () => {
  expect(variableName('BLDST_ARTIFACT_', 'base-image')).toBe('BLDST_ARTIFACT_BASE_IMAGE');
  expect(variableName('BLDST_VAR_', 'ami.id é')).toBe('BLDST_VAR_AMI_ID__');
});

test('a value cannot break out of its assignment', () => {
  const script = shellAssignments({ V: "'; touch /tmp/bldst-must-not-exist; '" });
  expect(throughShell('bash', script, ['V'])).toEqual(["'; touch /tmp/bldst-must-not-exist; '"]);
});

test('two names that become one variable are refused, and the last of one name counts', () => {
  expect(
    namedVariables('V_', [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ]),
  ).toEqual({ V_A: '3', V_B: '2' });
  expect(() =>
    namedVariables('V_', [
      ['a-b', '1'],
      ['a_b', '2'],
    ]),
  ).toThrow(/"a-b" and "a_b" would both be V_A_B/);
});
