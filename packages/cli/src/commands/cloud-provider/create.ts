import { createCommand } from '../../reference/create-command.ts';
import { cloudProviders } from '../../reference/topics.ts';

/** `bldst cloud-provider create` */
export default createCommand(cloudProviders);
