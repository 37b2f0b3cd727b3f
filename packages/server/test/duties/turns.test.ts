import { describe, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { turnCases } from './turn-cases.ts';

async function newFolder(): Promise<string> {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  return path;
}

describe('a duty over one SQLite file', () => {
  turnCases(async () => `sqlite://${await newFolder()}/state.db`);
});

describe('a duty over files', () => {
  turnCases(async () => `file://${await newFolder()}/files`);
});
