import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bashIn, runProcess } from '../support/binary.ts';
import { cliIn, temporaryFolder } from '../support/cli.ts';

const home = temporaryFolder();
const cli = cliIn(home);

beforeAll(async () => {
  const { stdout } = await cli(['completion', 'bash']);
  writeFileSync(join(home, 'completion.bash'), stdout);
  writeFileSync(join(home, 'file.img'), '');
});

/** What bash offers after these words; the last one is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const quoted = ['bldst', ...words].map((word) => `'${word}'`).join(' ');
  const { stdout, stderr } = await bashIn(home)(
    `source completion.bash; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _bldst; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

test.each([
  [['bui'], ['build']],
  [['se'], ['serve']],
  [['build', 'add'], ['add-state']],
  [['build', 'get', '--js'], ['--json']],
  [['build', 'get', '-o', 'ya'], []],
  [['build', 'get', '--output', 'ya'], ['yaml']],
  [['build', 'add-state', '--status', 'sk'], ['skipped']],
  [['artifact', 'upload', 'b', 'fi'], ['file.img']],
  [['serve', '--data-dir', 'fi'], ['file.img']],
  [['artifact', 'update', 'b', 'n', '--no-f'], ['--no-final']],
])('after %j bash offers %j', async (words, choices) => {
  expect((await offered(...words)).filter((choice) => choice !== '')).toEqual(choices);
});

test('bash takes the script without a complaint', async () => {
  const { code, stderr } = await runProcess('bash', ['--norc', '-n', join(home, 'completion.bash')], {});
  expect([code, stderr]).toEqual([0, '']);
});

test('there is one for zsh and one for fish, and no other', async () => {
  const zsh = await cli(['completion', 'zsh']);
  expect(zsh.stdout).toMatch(/^#compdef bldst\n/);
  expect(zsh.stdout).not.toContain('mapfile');
  const fish = await cli(['completion', 'fish']);
  expect(fish.stdout).toContain("complete -c bldst -n __fish_use_subcommand -f -a 'build' -d");
  expect(fish.stdout).toContain("-l output -x -a 'table json yaml env id'");
  expect((await cli(['completion', 'tcsh'])).code).toBe(2);
});
