/**
 * Uploads a file with a journal, and kills itself with SIGKILL at one point of it. Prints what it uploaded when that
 * point never comes. Argument: a `Plan` as JSON.
 */
import { appendFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { openBackend } from '@buildstate/artifact-backends';
import type { S3Options } from '@buildstate/artifact-backends/s3';
import type { ArtifactBackend } from '@buildstate/core';
import { uploadFile, withUploadJournal } from '@buildstate/transfer';

/** What the program does. */
export interface Plan {
  /** URI of the store, and how it is reached. */
  readonly place: string;
  readonly s3?: S3Options;
  /** The file to upload. */
  readonly source: string;
  /** Folder of the journal. */
  readonly journals: string;
  /** File to which the size of every part is added before it is sent. */
  readonly sentLog: string;
  readonly partBytes: number;
  readonly concurrency: number;
  /** Where it dies: a name such as `part-sent 3`, or the how manieth point, whichever that is. @default never */
  readonly dieAt?: string | number;
}

const plan = JSON.parse(process.argv[2] ?? '') as Plan;
let points = 0;

/** A point at which the process may die. */
function point(name: string): void {
  points += 1;
  if (plan.dieAt === name || plan.dieAt === points) process.kill(process.pid, 'SIGKILL');
}

/** What a text that is written is, when it is a line of the journal. */
function lineOf(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const [, kind, number] = /^\{"(part|whole)":\{(?:"number":(\d+))?/.exec(text) ?? [];
  if (kind !== undefined) return number === undefined ? kind : `line ${number}`;
  return /^\{"version":1,"intent"/.test(text)
    ? text.includes('"uploadId"')
      ? 'begun'
      : 'intent'
    : undefined;
}

/** Dies before, in the middle of, or after writing a line of the journal. */
async function dieWhileWriting(): Promise<void> {
  await using handle = await open('/dev/null', 'w');
  const proto = Object.getPrototypeOf(handle) as FileHandle;
  for (const method of ['appendFile', 'writeFile'] as const) {
    const real = proto[method];
    proto[method] = async function (this: FileHandle, data, ...rest) {
      const line = lineOf(data);
      if (line === undefined) return await real.call(this, data, ...rest);
      point(`before ${line}`);
      if (plan.dieAt === `torn ${line}`) await real.call(this, String(data).slice(0, -9), ...rest);
      point(`torn ${line}`);
      await real.call(this, data, ...rest);
      point(`after ${line}`);
    };
  }
}

function dieBetweenCalls(backend: ArtifactBackend): ArtifactBackend {
  return {
    ...backend,
    capabilities: { ...backend.capabilities, minPartBytes: 1, maxPutBytes: 1 },
    async createUpload(key, options) {
      const upload = await backend.createUpload(key, options);
      point('created');
      return upload;
    },
    async uploadPart(upload, part, options) {
      appendFileSync(plan.sentLog, `${part.bytes.length}\n`);
      const sent = await backend.uploadPart(upload, part, options);
      point(`sent ${part.number}`);
      return sent;
    },
    async completeUpload(upload, parts, options) {
      point('before completion');
      const info = await backend.completeUpload(upload, parts, options);
      point('after completion');
      return info;
    },
  };
}

await dieWhileWriting();
const opened = await openBackend(plan.place, plan.s3 === undefined ? {} : { s3: plan.s3 });
const backend = dieBetweenCalls(opened);
const names = [plan.source, plan.place];
const result = await withUploadJournal({ folder: plan.journals, names }, async (journal) => {
  const uploaded = await uploadFile({
    backend,
    key: 'folder/key',
    source: { path: plan.source },
    partBytes: plan.partBytes,
    concurrency: plan.concurrency,
    journal,
    ownKey: true,
  });
  point('before it is forgotten');
  await journal?.forget();
  return uploaded;
});
point('forgotten');
await opened.close();
process.stdout.write(JSON.stringify({ sha256: result.sha256, sizeBytes: result.sizeBytes }));
