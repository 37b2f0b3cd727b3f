/*
 * A process that works on one build of a file store: `writer` commits a number of changes against others who do
 * the same, `reader` looks until it is told to stop, `endless` commits to builds of its own until it is killed.
 * Each line on the standard output is the fact that something was acknowledged, or seen.
 */
import { writeSync } from 'node:fs';
import { makeAttempt, makeChange, makeCreation, newId } from '@buildstate/conformance';
import type { BuildHead } from '@buildstate/core';
import { DocumentStore, FileDriver } from '@buildstate/state-stores/document';

const [mode, folder = '', buildId = '', rounds = '0'] = process.argv.slice(2);
const limits = { entryBytes: 1500, partBytes: 300, tailBytes: 3000, tailEntries: 4, segments: 3 };
const store = new DocumentStore(new FileDriver(folder), { limits });
await store.open();

/** Synchronous, so that a line is out before the next thing is done. */
function tell(...facts: readonly (string | number)[]): void {
  writeSync(1, `${facts.join(' ')}\n`);
}

async function headOf(id: string): Promise<BuildHead> {
  const loaded = await store.loadBuild(id, { attempts: { stateAbove: -1, statuses: ['completed'] } });
  if (loaded === undefined) throw new Error(`build ${id} is gone`);
  const { snapshot, attempts } = loaded;
  if (attempts.length !== snapshot.counts.attempts) throw new Error('saw half of a change');
  return snapshot;
}

function change(head: BuildHead, eventId: string) {
  const { id, version } = head.build;
  const metadata = { text: 'x'.repeat((version * 97) % 2500) };
  return makeChange(head, {
    build: { metadata },
    attempts: [makeAttempt(id, { metadata })],
    report: { eventId, answer: version + 1 },
  });
}

async function write(): Promise<void> {
  for (let applied = 0; applied < Number(rounds); ) {
    const head = await headOf(buildId);
    const eventId = newId();
    if ((await store.commitBuild(change(head, eventId))) === 'conflict') continue;
    applied += 1;
    tell('applied', head.build.version + 1, eventId);
  }
}

async function read(): Promise<void> {
  let reading = true;
  process.stdin.once('data', () => {
    reading = false;
  });
  let seen = 0;
  for (let looks = 0; reading; looks += 1) {
    const { version } = (await headOf(buildId)).build;
    if (version < seen) throw new Error(`saw version ${version} after ${seen}`);
    seen = version;
    if (looks === 0) tell('reading');
  }
  tell('saw', seen);
  process.stdin.destroy();
}

/** Two lines of work at once on the shared build and on new ones, so that a kill hits different moments. */
async function endless(): Promise<void> {
  const { project } = (await headOf(buildId)) as BuildHead & { project: { id: string; name: string } };
  const commit = async (id: string) => {
    for (;;) {
      const head = await headOf(id);
      const eventId = newId();
      if ((await store.commitBuild(change(head, eventId))) === 'conflict') continue;
      tell('applied', id, head.build.version + 1, eventId);
    }
  };
  const create = async () => {
    for (;;) {
      const creation = makeCreation(project, { build: { metadata: { text: 'x'.repeat(400) } } });
      const { existing } = await store.createBuild(creation);
      if (existing !== undefined) throw new Error('a new number was taken');
      tell('created', creation.head.build.id, creation.head.build.buildNumber);
    }
  };
  await Promise.all([commit(buildId), create()]);
}

const modes: Readonly<Record<string, () => Promise<void>>> = { writer: write, reader: read, endless };
await modes[mode ?? '']?.();
await store.close();
