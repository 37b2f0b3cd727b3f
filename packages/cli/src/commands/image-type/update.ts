import { imageTypes } from '../../reference/topics.ts';
import { updateCommand } from '../../reference/update-command.ts';

/** `bldst image-type update` */
export default updateCommand(imageTypes);
