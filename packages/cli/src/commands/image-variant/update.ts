import { imageVariants } from '../../reference/topics.ts';
import { updateCommand } from '../../reference/update-command.ts';

/** `bldst image-variant update` */
export default updateCommand(imageVariants);
