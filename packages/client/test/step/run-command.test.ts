import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotFoundError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/step/command/exit-code.ts';
import { type CommandOptions, startCommand } from '../../src/step/command/run-command.ts';
import { OutputTail } from '../../src/step/output/output-tail.ts';
import { SecretMasker } from '../../src/step/output/secret-masker.ts';
import { temporaryFolder } from './temporary-folder.ts';

function options(argv: readonly string[], more: Partial<CommandOptions> = {}): CommandOptions {
  return {
    argv,
    folder: temporaryFolder(),
    environment: { PATH: process.env.PATH },
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    masker: new SecretMasker(),
    tail: new OutputTail(),
    ...more,
  };
}

const shell = (script: string) => ['sh', '-c', script];

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie is not running; only Linux tells.
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  for (let turn = 0; turn < 100 && isRunning(pid); turn++) await sleep(50);
}

describe('running a command', () => {
  it('passes arguments on as they are, without a shell', async () => {
    const stdout = new PassThrough();
    const { ended } = await startCommand(options(['printf', '%s|', '$HOME', 'a b', ';id', '*'], { stdout }));
    expect(exitCodeOf(await ended)).toBe(0);
    stdout.end();
    expect(await text(stdout)).toBe('$HOME|a b|;id|*|');
  });

  it.each([
    ['exit 0', 0],
    ['exit 3', 3],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
  ])('passes the exit code of %j through', async (script, code) => {
    const { ended } = await startCommand(options(shell(script)));
    expect(exitCodeOf(await ended)).toBe(code);
  });

  it('copies both streams, secrets hidden, and keeps their end', async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const tail = new OutputTail();
    const masker = new SecretMasker(['hunter2-hunter2']);
    const started = options(shell('echo out hunter2-hunter2; echo err hunter2-hunter2 >&2; exit 1'), {
      stdout,
      stderr,
      tail,
      masker,
    });
    await (await startCommand(started)).ended;
    stdout.end();
    stderr.end();
    expect([await text(stdout), await text(stderr)]).toEqual(['out ***\n', 'err ***\n']);
    expect(tail.text().split('\n').toSorted()).toEqual(['err ***', 'out ***']);
  });

  it('gets all of a large output to a slow reader', async () => {
    let seen = 0;
    const stdout = new Writable({
      highWaterMark: 1024,
      write(chunk: Buffer, _encoding, done) {
        seen += chunk.length;
        setImmediate(done);
      },
    });
    const { ended } = await startCommand(options(shell('head -c 3000000 /dev/zero'), { stdout }));
    await ended;
    for (let turn = 0; turn < 100 && seen < 3_000_000; turn++) await sleep(20);
    expect(seen).toBe(3_000_000);
  });

  it('goes on when its reader goes away', async () => {
    const stdout = new PassThrough();
    stdout.destroy();
    const { ended } = await startCommand(options(shell('head -c 300000 /dev/zero; exit 7'), { stdout }));
    expect(exitCodeOf(await ended)).toBe(7);
  });

  it('signals everything that the command started', async () => {
    const folder = temporaryFolder();
    const command = await startCommand(options(shell('sleep 60 & echo $! > child; wait'), { folder }));
    await sleep(200);
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    expect(isRunning(child)).toBe(true);
    command.signal('SIGTERM');
    expect(exitCodeOf(await command.ended)).toBe(143);
    await untilGone(child);
    expect(isRunning(child)).toBe(false);
  });

  it('does not wait for what the command leaves running', async () => {
    const folder = temporaryFolder();
    const begun = performance.now();
    const { ended } = await startCommand(options(shell('sleep 30 & echo $! > child'), { folder }));
    expect(exitCodeOf(await ended)).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5000);
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    expect(isRunning(child)).toBe(true);
    process.kill(child, 'SIGKILL');
  });

  it('says that a program is not there', async () => {
    await expect(startCommand(options(['no-such-program-anywhere']))).rejects.toThrow(NotFoundError);
  });

  it('is ended when the process that watches over it is killed', async () => {
    const folder = temporaryFolder();
    const watcher = spawn(
      process.execPath,
      ['--conditions=@buildstate/source', join(import.meta.dirname, 'watcher.ts'), folder],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(watcher.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isRunning(pid)).toBe(true);
    watcher.kill('SIGKILL');
    await untilGone(pid);
    expect(isRunning(pid)).toBe(false);
  });
});
