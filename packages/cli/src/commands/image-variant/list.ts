import { listCommand } from '../../reference/list-command.ts';
import { imageVariants } from '../../reference/topics.ts';

/** `bldst image-variant list` */
export default listCommand(imageVariants);
