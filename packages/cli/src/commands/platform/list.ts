import { listCommand } from '../../reference/list-command.ts';
import { platforms } from '../../reference/topics.ts';

/** `bldst platform list` */
export default listCommand(platforms);
