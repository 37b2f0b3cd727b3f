import { packageBuild } from '@buildstate/tooling/tsup';

export default packageBuild(['index', 'run/index', 'step/index']);
