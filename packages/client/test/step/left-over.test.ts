import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@buildstate/node-runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endLeftOver, exchangeFolder, noteRunning } from '../../src/step/command/left-over.ts';
import { isGroupAlive, signalGroup } from '../../src/step/command/process-group.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A command in a group of its own that prints when it is ready. */
async function group(script: string): Promise<number> {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = child.pid ?? 0;
  onTestFinished(() => void signalGroup(pid, 'SIGKILL'));
  await once(child.stdout, 'data');
  return pid;
}

function ending(folder: string) {
  const told: string[] = [];
  const signal = new AbortController().signal;
  return {
    told,
    done: endLeftOver(folder, 'build-1', { clock: systemClock, signal, told: () => told.push('told') }),
  };
}

describe('a command that was left over', () => {
  it('is waited for while it cleans up', async () => {
    const folder = join(temporaryFolder(), 'commands');
    const pid = await group('trap "sleep 0.5; exit" TERM; echo ready; while :; do sleep 0.05; done');
    noteRunning(folder, 'build-1', pid);
    signalGroup(pid, 'SIGTERM');
    const { told, done } = ending(folder);
    await done;
    expect(told).toEqual(['told']);
    expect(isGroupAlive(pid)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is waited for as long as anything that it started runs', async () => {
    const folder = temporaryFolder();
    const pid = await group('(trap "" TERM; echo ready; sleep 1) & wait');
    noteRunning(folder, 'build-1', pid);
    signalGroup(pid, 'SIGTERM');
    await ending(folder).done;
    expect(isGroupAlive(pid)).toBe(false);
  });

  it('is ended when it takes too long', { timeout: 30_000 }, async () => {
    const folder = temporaryFolder();
    const pid = await group('trap "" TERM; echo ready; while :; do sleep 0.05; done');
    noteRunning(folder, 'build-1', pid);
    await ending(folder).done;
    expect(isGroupAlive(pid)).toBe(false);
  });

  it('is not confused with another build, one that is gone, or one that was forgotten', async () => {
    const folder = temporaryFolder();
    const pid = await group('echo ready; sleep 60');
    noteRunning(folder, 'build-2', pid);
    const forget = noteRunning(folder, 'build-1', pid);
    forget();
    const { told, done } = ending(folder);
    await done;
    expect([told, isGroupAlive(pid)]).toEqual([[], true]);
    signalGroup(pid, 'SIGKILL');
    noteRunning(folder, 'build-1', pid);
    exchangeFolder(folder, 'build-1');
    await ending(folder).done;
    expect(readdirSync(folder)).toEqual(['build-2.json']);
  });
});
