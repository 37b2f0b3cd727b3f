import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../support/cli.ts';

const home = temporaryFolder();
const cli = cliIn(home, { env: { PATH: process.env.PATH } });
let count = 0;

async function newBuild(): Promise<string> {
  count += 1;
  const { stdout } = await cli([
    'build',
    'create',
    '--project',
    'steps',
    '--number',
    `n${count}`,
    '-o',
    'id',
  ]);
  return stdout.trim();
}

const statuses = async (build: string): Promise<string[]> =>
  (await cli(['build', 'history', build, '--json'])).json.map(
    ({ state, status }: { state: number; status: string }) => `${state} ${status}`,
  );

describe('bldst step', () => {
  test('runs a command, passes its output on, and records the state', async () => {
    const build = await newBuild();
    const result = await cli([
      'step',
      build,
      '--state',
      'base-image-created',
      '--',
      'sh',
      '-c',
      'echo out; echo err >&2',
    ]);
    expect(result).toMatchObject({ code: 0, stdout: 'out\n' });
    expect(result.stderr).toContain('err\n');
    expect(await statuses(build)).toEqual(['10 completed']);
  });

  test('does not run what is completed', async () => {
    const build = await newBuild();
    const line = ['step', build, '--state', '10', '--', 'echo', 'ran'];
    expect((await cli(line)).stdout).toBe('ran\n');
    const again = await cli(line);
    expect(again).toMatchObject({ code: 0, stdout: '' });
    expect(again.stderr).toContain('State 10 is completed with the same inputs; nothing was run.');
  });

  test('stores what the command makes and restores it in another folder', async () => {
    const build = await newBuild();
    const [one, two] = ['one', 'two'].map((name) => join(home, `${name}-${build}`));
    for (const folder of [one, two]) mkdirSync(folder as string);
    const make = [
      'step',
      build,
      '--state',
      '10',
      '--produces',
      'base=out/a.img',
      '--',
      'sh',
      '-c',
      'mkdir out; echo image > out/a.img',
    ];
    expect((await cli(make, { cwd: one })).code).toBe(0);
    const use = [
      'step',
      build,
      '--state',
      '25',
      '--needs',
      'base',
      '--',
      'sh',
      '-c',
      'cat "$BLDST_ARTIFACT_BASE"',
    ];
    expect(await cli(use, { cwd: two })).toMatchObject({ code: 0, stdout: 'image\n' });
    expect(readFileSync(join(two as string, 'out/a.img'), 'utf8')).toBe('image\n');
    const elsewhere = ['step', build, '--state', '30', '--needs', 'base=in.img', '--', 'cat', 'in.img'];
    expect(await cli(elsewhere, { cwd: two })).toMatchObject({ code: 0, stdout: 'image\n' });
  });

  test('passes the exit code of the command through and says what follows', async () => {
    const build = await newBuild();
    const result = await cli([
      'step',
      build,
      '--state',
      '35',
      '--',
      'sh',
      '-c',
      'echo "Connection reset" >&2; exit 3',
    ]);
    expect(result.code).toBe(3);
    expect(result.stderr).toMatch(/State 35 .*failed\. The policy "standard" allows try 2 of 3 after 30 s/);
    expect(await statuses(build)).toEqual(['35 failed']);
  });

  test('tries again with --retry', async () => {
    const build = await newBuild();
    await cli(['retry-policy', 'set', 'steps', '40', '--max-attempts', '3', '--initial-delay', '0s']);
    const file = join(home, `tries-${build}`);
    const line = [
      'step',
      build,
      '--state',
      '40',
      '--retry',
      '--',
      'sh',
      '-c',
      `echo x >> ${file}; test $(wc -l < ${file}) -ge 2`,
    ];
    const result = await cli(line);
    expect(result.code, result.stderr).toBe(0);
    expect(await statuses(build)).toEqual(['40 failed', '40 completed']);
  });

  test('reads the inputs, variables and the output file of the command', async () => {
    const build = await newBuild();
    const folder = join(home, `in-${build}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.hcl'), '1');
    const line = [
      'step',
      build,
      '--state',
      '10',
      '--inputs',
      'a.hcl',
      '--',
      'sh',
      '-c',
      'echo release=7 >> "$BLDST_OUTPUT"; echo ran',
    ];
    expect((await cli(line, { cwd: folder })).stdout).toBe('ran\n');
    expect((await cli(line, { cwd: folder })).stdout).toBe('');
    writeFileSync(join(folder, 'a.hcl'), '2');
    const changed = await cli(line, { cwd: folder });
    expect(changed.stdout).toBe('ran\n');
    expect(changed.stderr).toContain('a.hcl changed');
    const show = ['step', build, '--state', '20', '--', 'sh', '-c', 'echo "$BLDST_VAR_RELEASE"'];
    expect((await cli(show)).stdout).toBe('7\n');
  });

  test('hides secrets in what it shows and records', async () => {
    const build = await newBuild();
    const env = { PATH: process.env.PATH, VAULT: 'hunter2-hunter2' };
    const result = await cli(
      [
        'step',
        build,
        '--state',
        '10',
        '--secret',
        'VAULT',
        '--',
        'sh',
        '-c',
        'echo "$VAULT"; echo "no $VAULT" >&2; exit 1',
      ],
      { env },
    );
    expect(result.stdout).toBe('***\n');
    const history = await cli(['build', 'history', build, '--json']);
    expect(result.stderr + history.stdout).not.toContain('hunter2');
  });

  test('keeps standard output for its result with --json', async () => {
    const build = await newBuild();
    const result = await cli(['step', build, '--state', '10', '--json', '--', 'echo', 'out']);
    expect(result.json).toEqual({ build, state: 10, outcome: 'completed', exit_code: 0 });
    expect(result.stderr).toContain('out\n');
    const again = await cli(['step', build, '--state', '10', '-o', 'json', '--', 'echo', 'out']);
    expect(again.json).toMatchObject({ outcome: 'skipped', reason: 'is completed with the same inputs' });
  });

  test.each<[string, string[], number, RegExp]>([
    ['a build that is not there', ['no:such', '--state', '10', '--', 'true'], 123, /There is no/],
    ['no command', ['--state', '10'], 122, /Which command\?/],
    ['no state', ['x', '--', 'true'], 122, /flag --state/],
    ['a state that is none', ['x', '--state', '101', '--', 'true'], 122, /101 is not a state/],
    [
      'a product without a file',
      ['x', '--state', '10', '--produces', 'image', '--', 'true'],
      122,
      /NAME=FILE/,
    ],
    ['a time that is none', ['x', '--state', '10', '--timeout', 'soon', '--', 'true'], 122, /--timeout/],
  ])('ends with 120 and the usual code for %s', async (_, words, code, message) => {
    const result = await cli(['step', ...words]);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(message);
  });

  test('ends with 123 when the program is not there, and with 130 when it takes too long', async () => {
    const build = await newBuild();
    expect((await cli(['step', build, '--state', '10', '--', 'no-such-program'])).code).toBe(123);
    expect(
      (await cli(['step', build, '--state', '10', '--timeout', '200ms', '--', 'sleep', '60'])).code,
    ).toBe(130);
    expect(await statuses(build)).toEqual(['10 failed', '10 failed']);
  });

  test('ends with 124 while somebody else runs the build', async () => {
    const build = await newBuild();
    const lease = await cli(['build', 'lease', build, '--json']);
    const result = await cli(['step', build, '--state', '10', '--', 'true']);
    expect(result.code).toBe(124);
    await cli(['build', 'lease', build, '--release', '--token', String(lease.json.token)]);
    expect((await cli(['step', build, '--state', '10', '--', 'true'])).code).toBe(0);
  });

  test('ends with 127 with --strict while the tracker is away, and runs without', async () => {
    const build = await newBuild();
    const env = {
      PATH: process.env.PATH,
      BLDST_API_KEY: 'dev-key-12345',
      BLDST_SPOOL_DIR: join(home, 'spool'),
    };
    const tracker = ['--tracker', 'http://127.0.0.1:1'];
    const strict = await cli(['step', build, '--state', '10', '--strict', ...tracker, '--', 'echo', 'ran'], {
      env,
    });
    expect(strict).toMatchObject({ code: 127, stdout: '' });
    const loose = await cli(['step', build, '--state', '10', ...tracker, '--', 'echo', 'ran'], { env });
    expect(loose).toMatchObject({ code: 0, stdout: 'ran\n' });
    expect(loose.stderr).toContain('without a lease');
  });
});

describe('the bldst binary running a step', () => {
  const bin = fileURLToPath(new URL('../../bin/bldst.cjs', import.meta.url));

  function start(words: readonly string[]) {
    const child = spawn(process.execPath, ['--conditions=@buildstate/source', bin, ...words], {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
    const ready = async () => {
      while (!stdout.includes('ready') && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    return { child, ended, ready };
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'hands %s on, records the attempt as abandoned, and ends like the command',
    async (signal) => {
      const build = await newBuild();
      const { child, ended, ready } = start([
        'step',
        build,
        '--state',
        '10',
        '--',
        'sh',
        '-c',
        'echo ready; exec sleep 60',
      ]);
      await ready();
      const begun = performance.now();
      child.kill(signal);
      expect(await ended).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
      expect(performance.now() - begun).toBeLessThan(5000);
      expect(await statuses(build)).toEqual(['10 abandoned']);
      expect((await cli(['step', build, '--state', '10', '--', 'true'])).code).toBe(0);
    },
  );

  test('is taken over at once when it is killed, and its command does not go on', async () => {
    const build = await newBuild();
    const file = join(home, `beats-${build}`);
    const script = `echo ready; while :; do echo x >> ${file}; sleep 0.05; done`;
    const { child, ended, ready } = start(['step', build, '--state', '10', '--', 'sh', '-c', script]);
    await ready();
    child.kill('SIGKILL');
    await ended;
    const line = ['step', build, '--state', '10', '--', 'sh', '-c', 'true'];
    expect((await cli(line)).code).toBe(0);
    expect(await statuses(build)).toEqual(['10 abandoned', '10 completed']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(before);
  });

  test('gets a large output to a slow reader whole', async () => {
    const build = await newBuild();
    const words = ['step', build, '--state', '10', '--', 'head', '-c', '3000000', '/dev/zero'];
    const reader = spawn(
      'sh',
      ['-c', '"$0" --conditions=@buildstate/source "$@" | (sleep 1; wc -c)', process.execPath, bin, ...words],
      {
        cwd: home,
        env: { PATH: process.env.PATH, HOME: home },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    let text = '';
    for await (const chunk of reader.stdout.setEncoding('utf8')) text += chunk;
    expect(text.trim()).toBe('3000000');
  });
});
