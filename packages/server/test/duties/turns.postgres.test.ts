import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { describe } from 'vitest';
import { turnCases } from './turn-cases.ts';

describe('a duty over PostgreSQL', () => {
  turnCases(async () => (await newDatabase()).url);
});
