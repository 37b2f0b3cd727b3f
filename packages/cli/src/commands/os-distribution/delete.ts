import { deleteCommand } from '../../reference/delete-command.ts';
import { osDistributions } from '../../reference/topics.ts';

/** `bldst os-distribution delete` */
export default deleteCommand(osDistributions);
