import { deleteCommand } from '../../reference/delete-command.ts';
import { imageTypes } from '../../reference/topics.ts';

/** `bldst image-type delete` */
export default deleteCommand(imageTypes);
