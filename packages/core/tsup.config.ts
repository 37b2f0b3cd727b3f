import { packageBuild } from '@buildstate/tooling/tsup';

export default packageBuild(['index', 'light', 'wire/routes']);
