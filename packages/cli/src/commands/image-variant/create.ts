import { createCommand } from '../../reference/create-command.ts';
import { imageVariants } from '../../reference/topics.ts';

/** `bldst image-variant create` */
export default createCommand(imageVariants);
