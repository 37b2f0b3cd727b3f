import { expect, test } from 'vitest';
import { addWorkedBuild, backToFirstSchema, findsChild } from './first-schema.ts';
import { addProject, newFolder, openDatabase, openStore } from './place.ts';

test('a SQLite store of the first schema keeps what decisions know of its builds, and their lineage', async () => {
  const path = `${await newFolder()}/state.db`;
  const before = await openStore(`sqlite://${path}`);
  const whole = await addWorkedBuild(before, await addProject(before));
  await before.close();
  const database = openDatabase(path);
  await backToFirstSchema(whole, async (statement) => {
    database.exec(statement);
  });
  const store = await openStore(`sqlite://${path}`);
  expect(await store.loadWholeBuild(whole.head.build.id)).toEqual(whole);
  expect(await findsChild(store, whole)).toBe(true);
});
