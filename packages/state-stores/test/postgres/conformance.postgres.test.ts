import { describeStateStore } from '@buildstate/conformance';
import { lendDatabase } from '@buildstate/tooling/postgres-shared';
import { openPostgres } from '../../src/postgres/index.ts';

describeStateStore(
  'PostgreSQL',
  async () => {
    const database = await lendDatabase();
    return { connect: () => openPostgres(database.url), remove: database.drop };
  },
  {
    capabilities: {
      shared: true,
      durable: true,
      sql: true,
      globalStream: true,
      guardsRecentHeads: true,
      push: true,
    },
  },
);
