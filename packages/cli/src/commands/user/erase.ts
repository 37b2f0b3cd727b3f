import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { erasureView } from '../../views/erasure.ts';

/** `bldst user erase` */
export default class UserErase extends TrackerCommand {
  static override summary = 'Forget a person: take their name out of all that was recorded.';
  static override description =
    'What they did stays, by somebody who is called erased-… from then on, and every chain of events stays as it is. Keys that they made are revoked. Texts that people wrote are not touched: --dry-run says where they hold the name. On a server it needs a key with the admin scope, good for all projects.';
  static override args = {
    name: requiredArgument('The name, exactly as attempts and events show it; or the id of an API key.'),
  };
  static override flags = {
    'dry-run': Flags.boolean({
      summary: 'Change nothing; say what would go, and where texts hold the name.',
    }),
    search: Flags.boolean({
      summary: 'Say where texts still hold the name. Reads the whole store. Default: with --dry-run.',
    }),
  };
  static override examples = [
    {
      description: 'What would go, and what texts would stay',
      command: '<%= config.bin %> user erase erika@buildhost --dry-run',
    },
    { description: 'Forget her', command: '<%= config.bin %> user erase erika@buildhost' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserErase);
    const client = await this.client();
    const how = present({ dryRun: flags['dry-run'], search: flags.search ? true : undefined });
    await this.show(erasureView(await client.tokens.erase(args.name, how)));
  }
}
