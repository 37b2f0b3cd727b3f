import { deleteCommand } from '../../reference/delete-command.ts';
import { imageVariants } from '../../reference/topics.ts';

/** `bldst image-variant delete` */
export default deleteCommand(imageVariants);
