import { platforms } from '../../reference/topics.ts';
import { updateCommand } from '../../reference/update-command.ts';

/** `bldst platform update` */
export default updateCommand(platforms);
