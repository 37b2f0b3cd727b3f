import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

const cli = cliIn(temporaryFolder());

test('lists every code with its meaning', async () => {
  const { code, stdout, stderr } = await cli(['help', 'exit-codes']);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toContain('   4  Conflict: illegal transition, or in progress elsewhere\n');
  expect(stdout).toContain('124 is a conflict');
});

test('gives them to programs as well', async () => {
  expect((await cli(['help', 'exit-codes', '--json'])).json).toHaveLength(11);
  expect((await cli(['help', 'exit-codes', '-o', 'id'])).stdout).toBe('0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n');
  expect((await cli(['help', 'exit-codes', '-o', 'yaml'])).stdout).toContain('- code: 0\n  meaning: Done\n');
});
