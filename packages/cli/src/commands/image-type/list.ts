import { listCommand } from '../../reference/list-command.ts';
import { imageTypes } from '../../reference/topics.ts';

/** `bldst image-type list` */
export default listCommand(imageTypes);
