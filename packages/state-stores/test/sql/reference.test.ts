import { pageText, storedPage } from '@buildstate/tooling/reference';
import { expect, it } from 'vitest';
import { databasePage, migratedTables } from '../../reference/database-page.ts';
import { tableMeanings } from '../../reference/table-meanings.ts';

it('the page about the database is as "npm run docs" writes it', () => {
  const page = databasePage();
  expect(storedPage(page.name), 'Run "npm run docs".').toBe(pageText(page));
});

it('every table is explained, and no other', () => {
  expect(Object.keys(tableMeanings).sort()).toEqual(
    migratedTables()
      .map(({ name }) => name)
      .sort(),
  );
});
