import { expect, test } from 'vitest';
import {
  type ScriptName,
  scripts,
  transcriptFile,
  transcriptOf,
  transcriptPage,
} from '../support/transcript.ts';

test.each(Object.keys(scripts) as ScriptName[])(
  'examples/%s goes from nothing to state 100 on SQLite, and prints what the guide shows',
  { timeout: 120_000 },
  async (name) => {
    const page = transcriptPage(name, await transcriptOf(name));
    await expect(page).toMatchFileSnapshot(transcriptFile(name));
  },
);
