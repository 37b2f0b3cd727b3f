import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('client', { ceph: true, postgres: true });
