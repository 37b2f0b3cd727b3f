import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('node-runtime');
