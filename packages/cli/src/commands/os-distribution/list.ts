import { listCommand } from '../../reference/list-command.ts';
import { osDistributions } from '../../reference/topics.ts';

/** `bldst os-distribution list` */
export default listCommand(osDistributions);
