import { packageBuild } from '@buildstate/tooling/tsup';

export default packageBuild(['index', 'fs/index', 's3/index', 'azure/index', 'gcs/index', 'memory/index']);
