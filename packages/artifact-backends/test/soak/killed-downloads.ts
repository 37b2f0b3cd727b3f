import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FaultyS3Server, startFaultyS3 } from '@buildstate/conformance/backend';
import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';

const program = fileURLToPath(new URL('../programs/download.ts', import.meta.url));
const crypto = createNodeCrypto(await loadKeyRing());
const about = { contentType: 'application/octet-stream', metadata: {} };

/** What came of a download that was killed again and again. */
export interface KilledDownload {
  /** How often its process was killed. */
  readonly kills: number;
  /** What was wrong in the end, in words. */
  readonly wrong: readonly string[];
  /** Bytes that the store was asked for, all in all. */
  readonly servedBytes: number;
}

/** Lanes of a download unless told otherwise. */
const lanes = 4;

/** Waits until every lane hangs in a request that is never answered, or the process has ended. */
async function untilHanging(server: FaultyS3Server, child: ChildProcess): Promise<void> {
  while (server.pendingFaults() > 0 && child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function start(args: readonly string[]): ChildProcess {
  const node = ['--conditions=@buildstate/source', program, ...args];
  return spawn(process.execPath, node, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * Downloads an object of `pieces` pieces in processes that are killed (SIGKILL) when the store has answered
 * `perProcess()` requests for ranges and lets all further ones hang, until a process gets through.
 */
export async function downloadKilled(
  folder: string,
  { pieces, pieceBytes, perProcess }: { pieces: number; pieceBytes: number; perProcess: () => number },
): Promise<KilledDownload> {
  const bytes = randomBytes(pieces * pieceBytes - 1);
  const target = join(folder, 'image.raw');
  const server = await startFaultyS3();
  try {
    server.state.put('bucket/key', bytes, about);
    const args = [server.endpoint, target, crypto.sha256Hex(bytes), String(bytes.length), String(pieceBytes)];
    for (let kills = 0; ; kills += 1) {
      const hang = { operation: 'GetObject', fault: { kind: 'never-answer' }, times: lanes } as const;
      server.inject({ ...hang, after: perProcess() });
      const child = start(args);
      const ended = once(child, 'exit');
      await untilHanging(server, child);
      child.kill('SIGKILL');
      await ended;
      const wrong =
        kills > 0 && existsSync(target) && child.signalCode !== null ? ['a file at the target'] : [];
      if (wrong.length === 0 && child.signalCode !== null) continue;
      if (child.exitCode !== 0) wrong.push(`exit code ${child.exitCode}`);
      else if (!readFileSync(target).equals(bytes)) wrong.push('other bytes at the target');
      return { kills, wrong, servedBytes: servedBytes(server) };
    }
  } finally {
    await server.stop();
  }
}

/** What was asked for, which for requests that hung is more than what was sent. */
function servedBytes(server: FaultyS3Server): number {
  const ranges = server.requests.flatMap(({ operation, headers }) =>
    operation === 'GetObject' ? [/^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '')] : [],
  );
  return ranges.reduce((sum, range) => sum + Number(range?.[2]) - Number(range?.[1]) + 1, 0);
}
