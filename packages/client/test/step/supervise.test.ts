import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@buildstate/node-runtime';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/step/command/exit-code.ts';
import { ManualInterrupts } from '../../src/step/command/interrupts.ts';
import { startCommand } from '../../src/step/command/run-command.ts';
import { supervise } from '../../src/step/command/supervise.ts';
import { OutputTail } from '../../src/step/output/output-tail.ts';
import { SecretMasker } from '../../src/step/output/secret-masker.ts';
import { temporaryFolder } from './temporary-folder.ts';

function start(script: string) {
  return startCommand({
    argv: ['sh', '-c', script],
    folder: temporaryFolder(),
    environment: { PATH: process.env.PATH },
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    masker: new SecretMasker(),
    tail: new OutputTail(),
  });
}
const clock = systemClock;

describe('watching over a command', () => {
  it('tells how it ended', async () => {
    const outcome = await supervise(await start('exit 5'), { interrupts: new ManualInterrupts(), clock });
    expect(outcome).toEqual({ kind: 'ended', end: { code: 5, signal: null } });
  });

  it('hands a stop signal on and waits for the command to end', async () => {
    const interrupts = new ManualInterrupts();
    const watching = supervise(await start('trap "exit 9" INT; while :; do sleep 0.05; done'), {
      interrupts,
      clock,
    });
    await sleep(300);
    interrupts.interrupt('SIGINT');
    const outcome = await watching;
    expect(outcome).toMatchObject({ kind: 'interrupted', signal: 'SIGINT' });
    if (outcome.kind === 'interrupted') expect(exitCodeOf(await outcome.ended)).toBe(9);
  });

  it('is back within five seconds though the command cleans up longer; a second signal ends it', async () => {
    const interrupts = new ManualInterrupts();
    const command = await start('trap "" INT; sleep 60');
    const watching = supervise(command, { interrupts, clock });
    await sleep(200);
    const begun = performance.now();
    interrupts.interrupt('SIGINT');
    const outcome = await watching;
    expect(performance.now() - begun).toBeLessThan(5000);
    interrupts.interrupt('SIGTERM');
    if (outcome.kind !== 'interrupted') throw new Error(outcome.kind);
    expect(await outcome.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('ends a command that takes too long', async () => {
    const interrupts = new ManualInterrupts();
    const outcome = await supervise(await start('sleep 60'), { interrupts, clock, timeoutSeconds: 0.2 });
    expect(outcome).toEqual({ kind: 'timed_out', end: { code: null, signal: 'SIGTERM' } });
  });

  it('ends a command whose build was taken over', async () => {
    const lost = new AbortController();
    const watching = supervise(await start('sleep 60'), {
      interrupts: new ManualInterrupts(),
      clock,
      lost: lost.signal,
    });
    lost.abort(new Error('taken over'));
    expect(await watching).toEqual({ kind: 'fenced_out' });
  });

  it('passes a stop signal on that came before the command was there', async () => {
    const interrupts = new ManualInterrupts();
    interrupts.interrupt('SIGTERM');
    const outcome = await supervise(await start('sleep 60'), { interrupts, clock });
    if (outcome.kind !== 'interrupted') throw new Error(outcome.kind);
    expect(await outcome.ended).toEqual({ code: null, signal: 'SIGTERM' });
  });
});
