import { createCommand } from '../../reference/create-command.ts';
import { imageTypes } from '../../reference/topics.ts';

/** `bldst image-type create` */
export default createCommand(imageTypes);
