import { deleteCommand } from '../../reference/delete-command.ts';
import { osVersions } from '../../reference/topics.ts';

/** `bldst os-version delete` */
export default deleteCommand(osVersions);
