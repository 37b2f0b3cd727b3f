import { listCommand } from '../../reference/list-command.ts';
import { osVersions } from '../../reference/topics.ts';

/** `bldst os-version list` */
export default listCommand(osVersions);
