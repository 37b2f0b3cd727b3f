import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('client', { postgres: true });
