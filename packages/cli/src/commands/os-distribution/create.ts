import { createCommand } from '../../reference/create-command.ts';
import { osDistributions } from '../../reference/topics.ts';

/** `bldst os-distribution create` */
export default createCommand(osDistributions);
