import { listCommand } from '../../reference/list-command.ts';
import { cloudProviders } from '../../reference/topics.ts';

/** `bldst cloud-provider list` */
export default listCommand(cloudProviders);
