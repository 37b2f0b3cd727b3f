import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseProcessStat, processFacts } from '../../src/identity/process-stat.ts';
import { currentIdentity, holderGone } from '../../src/index.ts';

const here = currentIdentity();

function start(command: string, ...args: readonly string[]): ChildProcess & { readonly pid: number } {
  const child = spawn(command, args, { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.pid === undefined) throw new Error(`${command} did not start.`);
  return Object.assign(child, { pid: child.pid });
}

function identityOf(pid: number) {
  return { ...here, pid, processStartedAt: processFacts(pid)?.startedAt };
}

/** Waits until a check holds; the test's own time limit bounds it. */
async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('this process', () => {
  it('knows who it is', () => {
    expect(here).toMatchObject({ pid: process.pid, host: expect.any(String), bootId: expect.any(String) });
    expect(here.processStartedAt).toMatch(/\d/);
  });

  it('is not gone', () => {
    expect(holderGone(here)).toBe(false);
  });
});

describe('another process of this machine', () => {
  it('is not gone while it runs, and gone once it was killed', async () => {
    const child = start('sleep', '60');
    const identity = identityOf(child.pid);
    expect(holderGone(identity)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(holderGone(identity)).toBe(true);
  });

  it('is not gone while it is stopped', async () => {
    const child = start('sleep', '60');
    const identity = identityOf(child.pid);
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(holderGone(identity)).toBe(false);
  });

  it('is gone when its number belongs to a process that started at another time', () => {
    const child = start('sleep', '60');
    expect(holderGone({ ...identityOf(child.pid), processStartedAt: '12' })).toBe(true);
  });

  it.runIf(process.platform === 'linux')('is gone when it ended and its parent took no notice', async () => {
    // The shell leaves a child behind and becomes a program that never waits for it.
    const child = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    const identity = identityOf(pid);
    expect(holderGone(identity)).toBe(false);
    await until(() => processFacts(pid)?.ended === true);
    expect(holderGone(identity)).toBe(true);
  });
});

describe('a holder that cannot be judged from here is never gone', () => {
  const dead = { ...here, pid: 2 ** 22 + 7, processStartedAt: '1' };
  const table = { exists: () => false, facts: () => undefined };

  it('is gone here, for comparison', () => {
    expect(holderGone(dead, here, table)).toBe(true);
  });

  it.each([
    ['another machine', { machineId: 'other', bootId: 'other' }],
    ['another container', { pidNamespace: 'pid:[4026532999]' }],
    ['an unknown boot', { bootId: undefined }],
    ['an unknown namespace', { pidNamespace: undefined }],
    ['no process id', { pid: undefined }],
    ['a process group instead of a process', { pid: -1 }],
    ['a fractional process id', { pid: 1.5 }],
  ])('%s', (_, change) => {
    expect(holderGone({ ...dead, ...change }, here, table)).toBe(false);
  });

  it('a process that exists and hides its start', () => {
    const hidden = { exists: () => true, facts: () => undefined };
    expect(holderGone(dead, here, hidden)).toBe(false);
  });

  it('a system that does not answer', () => {
    const silent = { exists: () => undefined, facts: () => undefined };
    expect(holderGone(dead, here, silent)).toBe(false);
  });
});

describe('another boot of the machine', () => {
  const host = { ...here, machineId: 'm', pidNamespace: 'pid:[4026531836]' };
  const earlier = { ...host, bootId: 'earlier' };

  it('means gone', () => {
    expect(holderGone(earlier, host)).toBe(true);
  });

  it('means nothing in a container, which may carry the machine id of its image', () => {
    const container = { ...host, pidNamespace: 'pid:[4026532999]' };
    expect(holderGone({ ...container, bootId: 'earlier' }, container)).toBe(false);
  });

  it('means nothing for a clone with another host name', () => {
    expect(holderGone({ ...earlier, host: 'clone' }, host)).toBe(false);
  });
});

describe('/proc/<pid>/stat', () => {
  const rest = '1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 1';

  it('is read past a command name with blanks and parentheses', () => {
    expect(parseProcessStat(`42 (evil) Z 1 (x) R 1 ${rest}`)).toEqual({ startedAt: '987654', ended: false });
  });

  it('tells a zombie', () => {
    expect(parseProcessStat(`42 (sh) Z 1 ${rest}`)).toEqual({ startedAt: '987654', ended: true });
  });

  it.each(['', '42 (sh', '42 (sh) R 1 2 3'])('is not guessed from %j', (text) => {
    expect(parseProcessStat(text)).toBeUndefined();
  });
});
