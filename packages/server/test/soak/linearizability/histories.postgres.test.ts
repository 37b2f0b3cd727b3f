import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { checkHistories } from './histories.ts';

const seed = Math.floor(Math.random() * 2 ** 30);

it(`eight clients of three servers over one PostgreSQL see what can have happened in some order, seed ${seed}`, async () => {
  const folder = await temporaryFolder();
  const { url } = await newDatabase();
  const result = await checkHistories({ folder: folder.path, url, histories: 10, seed });
  await folder.remove();
  expect(result.complaints).toEqual([]);
  expect(result.unanswered).toBeGreaterThan(5);
}, 300_000);
