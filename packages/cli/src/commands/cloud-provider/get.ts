import { getCommand } from '../../reference/get-command.ts';
import { cloudProviders } from '../../reference/topics.ts';

/** `bldst cloud-provider get` */
export default getCommand(cloudProviders);
