import { packageBuild } from '@buildstate/tooling/tsup';

export default packageBuild([
  'index',
  'memory/index',
  'sqlite/index',
  'postgres/index',
  'document/index',
  'moving/index',
  'legacy/index',
]);
