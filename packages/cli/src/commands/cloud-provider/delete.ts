import { deleteCommand } from '../../reference/delete-command.ts';
import { cloudProviders } from '../../reference/topics.ts';

/** `bldst cloud-provider delete` */
export default deleteCommand(cloudProviders);
