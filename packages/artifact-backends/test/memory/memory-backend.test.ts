import { describeArtifactBackend } from '@buildstate/conformance/backend';
import { silentLogger } from '@buildstate/core/light';
import { withDeadline, withLog, withRetry } from '../../src/index.ts';
import { MemoryBackend } from '../../src/memory/index.ts';

describeArtifactBackend(
  'memory',
  async () => ({ backend: new MemoryBackend(), cleanup: async () => undefined }),
  { conditionalPut: true },
);

describeArtifactBackend(
  'memory behind every decorator',
  async () => {
    const backend = withLog(withRetry(withDeadline(new MemoryBackend())), { logger: silentLogger });
    return { backend, cleanup: async () => undefined };
  },
  { conditionalPut: true },
);
