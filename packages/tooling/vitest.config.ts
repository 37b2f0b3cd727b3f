import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('tooling', { ceph: true, postgres: true });
