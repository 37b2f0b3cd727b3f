import { packageBuild } from '@buildstate/tooling/tsup';

export default packageBuild(['index', 'backend/index', 'linearizability/index', 'model/index']);
