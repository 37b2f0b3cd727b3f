import { packageTests } from '@buildstate/tooling/vitest';

export default packageTests('artifact-backends', { ceph: true });
