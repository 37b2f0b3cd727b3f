import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { detectFormat, importLegacy } from '@buildstate/state-stores/legacy';
import { expect, test } from 'vitest';
import { newFolder, opened } from '../moving/places.ts';

const now = '2026-05-01T00:00:00.000Z';

const document = {
  buildId: 'build-2024-001',
  currentState: 25,
  cloudProvider: 'aws',
  imageType: 'rhel9',
  startTime: '2024-03-01T10:00:00Z',
  lastUpdate: '2024-03-01T12:00:00Z',
  status: 'failed',
  runner: { name: 'r1' },
  stateHistory: [
    { state: 5, timestamp: '2024-03-01T10:10:00Z', status: 'completed' },
    {
      state: 25,
      timestamp: '2024-03-01T12:00:00Z',
      status: 'failed',
      errorMessage: 'out of disk',
      exitCode: 28,
    },
  ],
};

async function fileOf(content: string | Uint8Array): Promise<string> {
  const path = join(await newFolder(), 'state.json');
  await writeFile(path, content);
  return path;
}

async function imported(source: string) {
  const store = await opened('memory:');
  const summary = await importLegacy(store, { format: 'state-json', source, project: 'p', now });
  return { store, summary, builds: (await store.listBuilds({ limit: 9 })).items };
}

test.each([
  ['an object', JSON.stringify(document)],
  ['an array', JSON.stringify([document])],
  ["sqlite3's -json output", JSON.stringify([{ state_json: JSON.stringify(document) }])],
])('a document comes in: %s', async (_, text) => {
  const path = await fileOf(text);
  expect(await detectFormat(path)).toBe('state-json');
  const { builds, store, summary } = await imported(path);
  expect(summary.warnings).toEqual([]);
  expect(builds).toMatchObject([
    {
      buildNumber: 'build-2024-001',
      cloudProvider: 'aws',
      imageType: 'rhel9',
      status: 'failed',
      currentState: 5,
      lastSuccessfulState: 5,
      failedState: 25,
      createdAt: '2024-03-01T10:00:00.000Z',
      updatedAt: '2024-03-01T12:00:00.000Z',
      metadata: { runner: { name: 'r1' }, imported: { id: 'build-2024-001', current_state: 25 } },
    },
  ]);
  const [, failure] = (await store.listAttempts(builds[0]?.id ?? '', { limit: 9 })).items;
  expect(failure).toMatchObject({
    state: 25,
    status: 'failed',
    errorMessage: 'out of disk',
    metadata: { exitCode: 28 },
  });
});

test.each<[string, string | Uint8Array, RegExp]>([
  ['no JSON', '{', /state\.json is not JSON/],
  ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), /is not a text in UTF-8/],
  ['no object', '[1]', /record 1 must be an object/],
  ['no id', '[{"stateHistory":[]}]', /record 1: build_id is missing/],
  ['a history that is no list', '{"buildId":"1","stateHistory":{}}', /stateHistory must be a list/],
  ['an entry that is no object', '{"buildId":"1","stateHistory":[5]}', /stateHistory\.0 must be an object/],
  ['an entry without a state', '{"buildId":"1","stateHistory":[{}]}', /stateHistory\.0: state is missing/],
  ['a text where a text is not', '{"buildId":{"a":1}}', /buildId must be a text/],
  ['a NUL', '{"buildId":"a\\u0000b"}', /buildId must not contain a NUL/],
  ['a NUL in what is not understood', '{"buildId":"a","x":["\\u0000"]}', /x must not contain a NUL/],
  ['broken JSON within', '[{"state_json":"{"}]', /record 1, state_json, is not JSON/],
])(
  '%s is refused with the file, the record and the field, and nothing comes in',
  async (_, content, message) => {
    const path = await fileOf(content);
    const store = await opened('memory:');
    const options = { format: 'state-json', source: path, project: 'p', now } as const;
    await expect(importLegacy(store, options)).rejects.toThrow(message);
    expect((await store.listProjects({ limit: 9 })).items).toEqual([]);
  },
);

test('a file that is too large to be read as a whole is refused at once', async () => {
  const path = await fileOf(Buffer.alloc(100 * 1024 * 1024 + 1, 0x20));
  await expect(imported(path)).rejects.toThrow(/files of more than 104857600 are not read/);
});

test('what nobody knows is told so', async () => {
  await expect(detectFormat(await fileOf('a,b,c\n'))).rejects.toThrow(/no SQLite database and no JSON/);
});
