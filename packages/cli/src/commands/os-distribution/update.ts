import { osDistributions } from '../../reference/topics.ts';
import { updateCommand } from '../../reference/update-command.ts';

/** `bldst os-distribution update` */
export default updateCommand(osDistributions);
