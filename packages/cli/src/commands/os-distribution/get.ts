import { getCommand } from '../../reference/get-command.ts';
import { osDistributions } from '../../reference/topics.ts';

/** `bldst os-distribution get` */
export default getCommand(osDistributions);
