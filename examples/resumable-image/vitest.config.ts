import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('resumable-image', { testTimeout: 60_000 });
