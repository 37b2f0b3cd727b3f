import { getCommand } from '../../reference/get-command.ts';
import { imageVariants } from '../../reference/topics.ts';

/** `bldst image-variant get` */
export default getCommand(imageVariants);
