import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactBackend } from '@buildstate/core';
import { silentLogger } from '@buildstate/core/light';
import { systemClock } from '@buildstate/node-runtime';
import { sweepUploadJournals } from '@buildstate/transfer';
import type { Plan } from '../programs/upload-and-die.ts';

const program = fileURLToPath(new URL('../programs/upload-and-die.ts', import.meta.url));

/** A store whose uploads are killed. */
export interface KilledStore {
  /** How the program reaches it. */
  readonly reach: Pick<Plan, 'place' | 's3'>;
  /** How the suite looks into it afterwards. */
  readonly backend: ArtifactBackend;
}

/** What is done. */
export interface Killing {
  readonly store: KilledStore;
  /** Empty folder. */
  readonly folder: string;
  readonly parts: number;
  readonly partBytes: number;
  /** Parts sent at once. With 1 the process is killed at each point of each part; with more, at every so-manieth point. */
  readonly concurrency: number;
  /** Runs the built packages, which start faster than the sources. @default false */
  readonly built?: boolean;
  /** Told after every kill. */
  readonly onKill?: (kills: number) => void;
}

/** What came of it. */
export interface KilledUploads {
  readonly kills: number;
  /** Bytes of parts that were sent more than once. */
  readonly repeatedBytes: number;
  /** What is wrong; empty when all is well. */
  readonly faults: readonly string[];
}

interface Ending {
  readonly killed: boolean;
  readonly stdout: string;
}

function run(plan: Plan, built: boolean): Promise<Ending> {
  const conditions = built ? [] : ['--conditions=@buildstate/source'];
  const args = [...conditions, program, JSON.stringify(plan)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      if (error === null) resolve({ killed: false, stdout });
      else if (error.signal === 'SIGKILL') resolve({ killed: true, stdout });
      else reject(new Error(`The upload failed: ${stderr}`, { cause: error }));
    });
  });
}

/** Every point of an upload that sends one part after the other, in the order in which they come. */
function everyPoint(parts: number): readonly string[] {
  const around = (line: string) => [`before ${line}`, `torn ${line}`, `after ${line}`];
  const ofPart = (number: number) => [`sent ${number}`, ...around(`line ${number}`)];
  return [
    ...around('intent'),
    'created',
    ...around('begun'),
    ...Array.from({ length: parts }, (_, index) => ofPart(index + 1)).flat(),
    ...around('whole'),
    'before completion',
    'after completion',
    'before it is forgotten',
  ];
}

async function sha256Of(backend: ArtifactBackend, key: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of (await backend.read(key)).body) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Uploads a file while the process that does so is killed again and again: at every part boundary and around every write
 * of the journal. Then looks at what is stored, at what was sent more than once, and at what is left.
 */
export async function killUploads(killing: Killing): Promise<KilledUploads> {
  const { store, folder, parts, partBytes, concurrency, built = false } = killing;
  mkdirSync(folder, { recursive: true });
  const bytes = randomBytes(parts * partBytes - 1);
  const source = join(folder, 'image.raw');
  writeFileSync(source, bytes);
  const journals = join(folder, 'journals');
  const sentLog = join(folder, 'sent.log');
  const plan = { ...store.reach, source, journals, sentLog, partBytes, concurrency };
  const faults: string[] = [];
  let kills = 0;
  let end: Ending | undefined;
  const killAt = async (dieAt: string | number): Promise<boolean> => {
    end = await run({ ...plan, dieAt }, built);
    if (end.killed) kills += 1;
    killing.onKill?.(kills);
    return end.killed;
  };
  if (concurrency === 1) {
    for (const name of everyPoint(parts)) {
      if (!(await killAt(name))) faults.push(`it was not killed at "${name}"`);
    }
    end = await run(plan, built);
  } else {
    // Seven and more points, so that every run gets a part further.
    for (let turn = 0; await killAt(7 + (turn % 13)); turn += 1);
  }
  const expected = createHash('sha256').update(bytes).digest('hex');
  const answer = JSON.parse(end?.stdout || '{}') as { readonly sha256?: string };
  if (answer.sha256 !== expected) faults.push(`the answer is ${end?.stdout}`);
  const stored = await sha256Of(store.backend, 'folder/key');
  if (stored !== expected) faults.push(`the object has the SHA-256 ${stored}`);
  const open = await store.backend.listUploads?.('folder/key');
  if (open?.length !== 0) faults.push(`${open?.length} uploads are left`);
  const swept = { folder: journals, open: async () => store.backend, abandonedAfterMs: 0 };
  await sweepUploadJournals({ ...swept, clock: systemClock, logger: silentLogger });
  const left = readdirSync(journals);
  if (left.length > 0) faults.push(`left among the journals: ${left.join(', ')}`);
  const sent = readFileSync(sentLog, 'utf8').trim().split('\n').map(Number);
  const repeatedBytes = sent.reduce((sum, size) => sum + size, 0) - bytes.length;
  if (repeatedBytes > kills * concurrency * partBytes) faults.push(`${repeatedBytes} bytes were sent again`);
  return { kills, repeatedBytes, faults };
}
