import { createCommand } from '../../reference/create-command.ts';
import { platforms } from '../../reference/topics.ts';

/** `bldst platform create` */
export default createCommand(platforms);
