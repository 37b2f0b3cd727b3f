import { describeStateStore } from '@buildstate/conformance';
import { createMemoryStore } from '@buildstate/state-stores/memory';

describeStateStore(
  'memory',
  async () => ({ connect: () => createMemoryStore(), remove: async () => undefined }),
  {
    capabilities: { shared: false, durable: false, sql: false, globalStream: true, guardsRecentHeads: true },
    commits: 5_000,
  },
);
