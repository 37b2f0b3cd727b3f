import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('state-stores', { postgres: true });
