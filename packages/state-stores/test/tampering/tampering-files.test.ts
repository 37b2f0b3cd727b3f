import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildEvent, chainEvents, emptyChain } from '@buildstate/core';
import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStateStore } from '../../src/index.ts';
import { openTracker } from '../door/open-tracker.ts';
import { newFolder } from '../sql/place.ts';

/** What a head's document is, as far as it is tampered with here. */
interface HeadDocument {
  readonly head: { chain: { seq: number; hash: string } };
  readonly tail: { rows: { events?: BuildEvent[] } }[];
}

const key = randomBytes(32).toString('hex');

/** Opens the files anew, as another process would: nothing of what was there before is remembered. */
async function opened(folder: string) {
  const { door, remove } = await openTracker(() => openStateStore(`file://${folder}`), { key });
  onTestFinished(remove);
  return door;
}

/** A completed build of 13 events in plain files; its newest document, and what a check says of it. */
async function onFiles() {
  const folder = await newFolder();
  const door = await opened(folder);
  const { body } = await door.call('createBuild', { body: { project: 'p' } });
  const params = { buildId: body.id };
  for (const state of [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 100])
    await door.call('recordState', { params, body: { state } });
  const documents = join(folder, 'heads', `${body.id}.d`);
  const edit = async (change: (document: HeadDocument) => void) => {
    for (const name of await readdir(documents)) {
      const document = JSON.parse(await readFile(join(documents, name), 'utf8')) as HeadDocument;
      // Older versions of the document may be there until they are swept; they are left as they are.
      if (document.head.chain.seq !== 13) continue;
      change(document);
      await writeFile(join(documents, name), JSON.stringify(document));
    }
  };
  const verdict = async (query: { known?: string } = {}) =>
    (await (await opened(folder)).call('verifyEvents', { params, query })).body;
  return { edit, verdict, buildId: body.id };
}

const eventsOf = ({ tail }: HeadDocument) => tail.flatMap(({ rows }) => rows.events ?? []);

/** Changes one event. */
function patch(document: HeadDocument, seq: number, fields: Partial<BuildEvent>): void {
  const event = eventsOf(document).find((one) => one.seq === seq);
  if (event === undefined) throw new Error(`there is no event ${seq}`);
  Object.assign(event, fields);
}

/** Takes events out. */
function drop(document: HeadDocument, gone: (event: BuildEvent) => boolean): void {
  for (const { rows } of document.tail) rows.events = rows.events?.filter((event) => !gone(event));
}

const unsigned = createNodeCrypto(await loadKeyRing({}));

/** Every way to change a history, and what must be said of it. */
const tamperings: Readonly<
  Record<string, { seq: number; problem: RegExp; tamper: (document: HeadDocument, id: string) => void }>
> = {
  'a changed fact': {
    seq: 3,
    problem: /was changed/,
    tamper: (document) => patch(document, 3, { data: { state: 12 } }),
  },
  'another actor': {
    seq: 4,
    problem: /was changed/,
    tamper: (document) => patch(document, 4, { actorId: 'nobody' }),
  },
  'an event that was taken out': {
    seq: 6,
    problem: /follows 4/,
    tamper: (document) => drop(document, ({ seq }) => seq === 5),
  },
  'a signature that was taken away': {
    seq: 13,
    problem: /has no signature/,
    tamper: (document) => patch(document, 13, { signature: null }),
  },
  'a history that was computed anew, to its end': {
    seq: 13,
    problem: /does not have the signature/,
    tamper(document, buildId) {
      const pending = eventsOf(document).map((event) => ({
        ...event,
        actorId: event.seq === 3 ? 'nobody' : event.actorId,
      }));
      const { events, head } = chainEvents(buildId, emptyChain, pending, unsigned);
      for (const { seq, actorId, prevHash, hash } of events)
        patch(document, seq, { actorId, prevHash, hash });
      document.head.chain = head;
    },
  },
};

describe('a history in plain files', () => {
  test('is right as long as nobody touches it', async () => {
    const { verdict, edit } = await onFiles();
    await edit((document) => expect(eventsOf(document)).toHaveLength(13));
    expect(await verdict()).toMatchObject({ events: 13, signedSeq: 13, problem: null });
  });

  test.each(Object.entries(tamperings))('shows %s', async (_, { seq, problem, tamper }) => {
    const { edit, verdict, buildId } = await onFiles();
    await edit((document) => tamper(document, buildId));
    expect((await verdict()).problem).toMatchObject({ seq, problem: expect.stringMatching(problem) });
  });

  test('that lost its end in every trace is found by who has kept the end elsewhere', async () => {
    const { edit, verdict } = await onFiles();
    const { end: known } = await verdict();
    await edit((document) => {
      const left = eventsOf(document).find(({ seq }) => seq === 11);
      drop(document, ({ seq }) => seq > 11);
      document.head.chain = { seq: 11, hash: left?.hash ?? '' };
    });
    expect((await verdict()).problem).toBeNull();
    expect((await verdict({ known })).problem).toMatchObject({ seq: 12 });
  });
});
