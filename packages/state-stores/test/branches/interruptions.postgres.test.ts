import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { describe } from 'vitest';
import { describeInterruptions } from './describe-interruptions.ts';

describe('branches, interrupted, over PostgreSQL', () => {
  describeInterruptions(async () => (await newDatabase()).url);
});
