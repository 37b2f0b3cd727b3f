import { describe } from 'vitest';
import { newFolder } from '../sql/place.ts';
import { describeInterruptions } from './describe-interruptions.ts';

describe.each([
  ['one SQLite file', async () => `sqlite://${await newFolder()}/state.db`],
  ['a SQLite file for each build', async () => `sqlite://${await newFolder()}/builds`],
  ['plain files', async () => `file://${await newFolder()}`],
] as const)('branches, interrupted, over %s', (_, newUri) => {
  describeInterruptions(newUri);
});
