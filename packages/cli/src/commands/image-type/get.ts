import { getCommand } from '../../reference/get-command.ts';
import { imageTypes } from '../../reference/topics.ts';

/** `bldst image-type get` */
export default getCommand(imageTypes);
