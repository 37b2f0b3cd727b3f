import { cloudProviders } from '../../reference/topics.ts';
import { updateCommand } from '../../reference/update-command.ts';

/** `bldst cloud-provider update` */
export default updateCommand(cloudProviders);
