import { osVersions } from '../../reference/topics.ts';
import { updateCommand } from '../../reference/update-command.ts';

/** `bldst os-version update` */
export default updateCommand(osVersions);
