import { Worker } from 'node:worker_threads';
import { IntegrityError } from '@buildstate/core/light';
import type { FileHash, FileHashOptions } from './file-hash.ts';

/**
 * What runs in the thread. As text, so that it needs no file of its own: this module may be in a bundle.
 *
 * `frontier` is shared memory. The thread sleeps on it until it differs from the position up to which it has hashed;
 * below zero it ends. Slices of 256 KiB stay in the processor's cache between reading and hashing.
 */
const program = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { readSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { fd, sizeBytes, algorithms, shared } = workerData;
const frontier = new BigInt64Array(shared);
const hashes = algorithms.map((name) => createHash(name));
const buffer = Buffer.allocUnsafeSlow(256 * 1024);
function follow() {
  for (let position = 0; position < sizeBytes; ) {
    const reached = Number(Atomics.load(frontier, 0));
    if (reached < 0) return undefined;
    if (reached === position) {
      Atomics.wait(frontier, 0, BigInt(reached));
      continue;
    }
    const count = readSync(fd, buffer, 0, Math.min(buffer.length, reached - position), position);
    if (count === 0) return { shorter: true };
    const slice = buffer.subarray(0, count);
    for (const hash of hashes) hash.update(slice);
    position += count;
  }
  return { digests: hashes.map((hash) => hash.digest('hex')) };
}
const answer = follow();
if (answer !== undefined) parentPort.postMessage(answer);
`;

/** What the thread says at the end. */
type Answer = { readonly digests: readonly [string, string?] } | { readonly shorter: true };

/** Hashes in a thread of its own, so that receiving and hashing go on at the same time. With node:crypto. */
export function hashInThread({ fd, sizeBytes, md5 }: Omit<FileHashOptions, 'crypto'>): FileHash {
  const shared = new SharedArrayBuffer(8);
  const frontier = new BigInt64Array(shared);
  const algorithms = md5 ? ['sha256', 'md5'] : ['sha256'];
  const worker = new Worker(program, {
    eval: true,
    workerData: { fd, sizeBytes, algorithms, shared },
    // Nothing of the process's own options and variables is of use there.
    execArgv: [],
    env: {},
    name: 'bldst-hash',
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const answered = new Promise<Answer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The hashing was stopped.')));
  });
  // Looked at in `result`; until then a failure must not count as unhandled.
  answered.catch(() => undefined);
  return {
    advance(to) {
      Atomics.store(frontier, 0, BigInt(to));
      Atomics.notify(frontier, 0);
    },
    async result() {
      const answer = await answered;
      if ('shorter' in answer) {
        throw new IntegrityError('The file became shorter while it was being written.');
      }
      const [sha256, md] = answer.digests;
      return { sha256, ...(md !== undefined && { md5: md }) };
    },
    async stop() {
      // Not terminated: in the middle of a read it must not be, since the file is closed next.
      Atomics.store(frontier, 0, -1n);
      Atomics.notify(frontier, 0);
      await exited;
    },
  };
}
