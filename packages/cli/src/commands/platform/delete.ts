import { deleteCommand } from '../../reference/delete-command.ts';
import { platforms } from '../../reference/topics.ts';

/** `bldst platform delete` */
export default deleteCommand(platforms);
