import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('cli', { globalSetup: ['./test/support/global-setup.ts'] });
