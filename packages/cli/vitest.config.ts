import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('cli', { postgres: true, globalSetup: ['./test/support/global-setup.ts'] });
