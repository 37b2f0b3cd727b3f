import { createCommand } from '../../reference/create-command.ts';
import { osVersions } from '../../reference/topics.ts';

/** `bldst os-version create` */
export default createCommand(osVersions);
