import { type FaultPlan, faultyDriver, makeCreation, makeProject } from '@buildstate/conformance';
import { DocumentStore, type StoredDocument } from '@buildstate/state-stores/document';
import { describe, expect, test } from 'vitest';
import { MapDriver } from './map-driver.ts';

/** A service that accepts some conditions and writes regardless, as some object stores do. */
class Careless extends MapDriver {
  readonly #ignores: (expected: string | null) => boolean;

  constructor(documents: Map<string, StoredDocument>, ignores: (expected: string | null) => boolean) {
    super(documents);
    this.#ignores = ignores;
  }

  override async putIfVersion(key: string, text: string, expected: string | null) {
    const current = (await this.get(key))?.version ?? null;
    return super.putIfVersion(key, text, this.#ignores(expected) ? current : expected);
  }
}

describe('opening a place', () => {
  test.each([
    ['that a document must be absent', (expected: string | null) => expected === null],
    ['that a document must be unchanged', (expected: string | null) => expected !== null],
  ])('is refused when it ignores the condition %s', async (_, ignores) => {
    const documents = new Map<string, StoredDocument>();
    const opening = new DocumentStore(new Careless(documents, ignores)).open();
    await expect(opening).rejects.toMatchObject({ name: 'ConfigurationError' });
    await expect(opening).rejects.toThrow('cannot keep builds: it overwrites');
    expect([...documents.keys()]).toEqual([]);
  });

  test('is refused when it answers with something older than what was written', async () => {
    class Stale extends MapDriver {
      override async get(key: string) {
        const found = await super.get(key);
        return found === undefined ? undefined : { ...found, text: '{"probe":1}' };
      }
    }
    await expect(new DocumentStore(new Stale()).open()).rejects.toThrow(
      'does not show what was written last',
    );
  });

  test('leaves nothing but the mark of its layout, also the second time', async () => {
    const documents = new Map<string, StoredDocument>();
    await new DocumentStore(new MapDriver(documents)).open();
    await new DocumentStore(new MapDriver(documents)).open();
    expect([...documents.entries()].map(([key, { text }]) => [key, text])).toEqual([
      ['format', '{"format":1}'],
    ]);
  });

  test('fails as long as the place cannot be reached, and works afterwards', async () => {
    const documents = new Map<string, StoredDocument>();
    let away = true;
    const plan: FaultPlan = () => (away ? 'fail' : 'none');
    const store = new DocumentStore(faultyDriver(new MapDriver(documents), ['probe'], plan));
    await expect(store.open()).rejects.toMatchObject({ name: 'UnavailableError' });
    await expect(store.ping()).rejects.toMatchObject({ name: 'UnavailableError' });
    away = false;
    await store.open();
    await store.ping();
  });

  test('refuses what a newer version has written', async () => {
    const documents = new Map<string, StoredDocument>();
    documents.set('format', { text: '{"format":2}', version: 'a' });
    await expect(new DocumentStore(new MapDriver(documents)).open()).rejects.toThrow(
      'has layout 2, and this version of BuildState knows layout 1. Update BuildState.',
    );
  });

  test('refuses a build that a newer version has written, and names a document that is missing', async () => {
    const documents = new Map<string, StoredDocument>();
    const store = new DocumentStore(new MapDriver(documents), { limits: { entryBytes: 0 } });
    const project = makeProject();
    const creation = makeCreation(project);
    const { id } = creation.head.build;
    await store.saveProject(project, 0);
    await store.createBuild(creation);
    const fresh = new DocumentStore(new MapDriver(documents));
    const rows = [...documents.keys()].find((key) => key.includes('/entries/')) ?? '';
    documents.delete(rows);
    await expect(fresh.listEvents(id, { limit: 1 })).rejects.toThrow(`the document ${rows} is missing`);
    const key = `heads/${id}`;
    const text = documents.get(key)?.text.replace('"format":1', '"format":2') ?? '';
    documents.set(key, { text, version: 'b' });
    await expect(fresh.loadBuild(id)).rejects.toThrow('Update BuildState');
  });
});
