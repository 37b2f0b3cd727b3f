import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bashIn, runProcess } from '../support/binary.ts';
import { cliIn, temporaryFolder } from '../support/cli.ts';

const home = temporaryFolder();
const cli = cliIn(home);
const shells = ['bash', 'zsh', 'fish'] as const;

beforeAll(async () => {
  for (const shell of shells) {
    const { stdout } = await cli(['completion', shell]);
    writeFileSync(join(home, `completion.${shell}`), stdout);
  }
  writeFileSync(join(home, 'file.img'), '');
});

/** What bash offers after these words; the last one is being typed. */
async function bash(words: readonly string[]): Promise<string[]> {
  const quoted = ['bldst', ...words].map((word) => `'${word}'`).join(' ');
  const { stdout, stderr } = await bashIn(home)(
    `source completion.bash; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _bldst; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

/** What fish offers. */
async function fish(words: readonly string[]): Promise<string[]> {
  const script = `source completion.fish; complete -C '${['bldst', ...words].join(' ')}'`;
  const { stdout, stderr } = await runProcess('fish', ['--no-config', '-c', script], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home },
  });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '');
}

/** What a line becomes in zsh when the tabulator is pressed at its end, in its real line editor on a terminal. */
async function zsh(words: readonly string[]): Promise<string[]> {
  const place = join(home, `zsh-${crypto.randomUUID()}`);
  mkdirSync(place);
  const rc = `
    autoload -U compinit && compinit -u -D
    source ../completion.zsh
    zle-line-init() {
      BUFFER=$TYPED CURSOR=$#TYPED
      zle complete-word
      print -r -- $BUFFER > $ZDOTDIR/line
      exit
    }
    zle -N zle-line-init`;
  writeFileSync(join(place, '.zshrc'), rc);
  writeFileSync(join(place, 'file.img'), '');
  const drive = 'zmodload zsh/zpty; zpty typist zsh -i; while zpty -r typist output; do :; done; cat line';
  const { stdout } = await runProcess('zsh', ['-f', '-c', drive], {
    cwd: place,
    env: {
      PATH: process.env.PATH,
      HOME: place,
      ZDOTDIR: place,
      TERM: 'xterm',
      TYPED: ['bldst', ...words].join(' '),
    },
  });
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  return [line.split(' ').at(-1) ?? ''];
}

const offers = { bash, zsh, fish };
const installed = shells.filter((shell) => {
  try {
    execFileSync(shell, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // In CI a shell that is not there is a failure, as everywhere where something is to be tested on it.
    if (process.env.CI) throw error;
    console.warn(`LEFT OUT: ${shell} is not installed (Debian: ${shell}).`);
    return false;
  }
});

describe.each(installed)('%s', (shell) => {
  test.each([
    [['bui'], 'build'],
    [['se'], 'serve'],
    [['build', 'roll'], 'rollback'],
    [['resumable-state', 'upd'], 'update'],
    [['build', 'get', '--js'], '--json'],
    [['build', 'get', '-o', 'ya'], 'yaml'],
    [['build', 'get', '--output', 'ya'], 'yaml'],
    [['build', 'add-state', '--status', 'sk'], 'skipped'],
    [['doctor', '--js'], '--json'],
    [['artifact', 'upload', 'b', 'fi'], 'file.img'],
    [['serve', '--data-dir', 'fi'], 'file.img'],
    [['artifact', 'update', 'b', 'n', '--no-f'], '--no-final'],
  ])('completes %j with %s', async (words, choice) => {
    expect((await offers[shell](words)).filter((word) => word !== '')).toEqual([choice]);
  });
});

test('there is no other', async () => {
  expect((await cli(['completion', 'tcsh'])).code).toBe(2);
});
