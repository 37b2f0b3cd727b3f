import { getCommand } from '../../reference/get-command.ts';
import { platforms } from '../../reference/topics.ts';

/** `bldst platform get` */
export default getCommand(platforms);
