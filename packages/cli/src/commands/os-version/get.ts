import { getCommand } from '../../reference/get-command.ts';
import { osVersions } from '../../reference/topics.ts';

/** `bldst os-version get` */
export default getCommand(osVersions);
