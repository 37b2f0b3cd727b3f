import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('server', { postgres: true });
