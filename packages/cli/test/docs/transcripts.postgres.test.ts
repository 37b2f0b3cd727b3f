import { lendDatabase } from '@buildstate/tooling/postgres-shared';
import { expect, test } from 'vitest';
import {
  type ScriptName,
  scripts,
  transcriptFile,
  transcriptOf,
  transcriptPage,
} from '../support/transcript.ts';

test.each(Object.keys(scripts) as ScriptName[])(
  'examples/%s prints the same on PostgreSQL',
  { timeout: 120_000 },
  async (name) => {
    const database = await lendDatabase();
    const page = transcriptPage(name, await transcriptOf(name, database.url));
    await expect(page).toMatchFileSnapshot(transcriptFile(name));
  },
);
