import { requiredArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { deletedView } from '../../views/deleted.ts';

/** `bldst token revoke` */
export default class TokenRevoke extends TrackerCommand {
  static override summary = 'Revoke an API key at once.';
  static override description = 'Needs a key with the admin scope.';
  static override args = { token: requiredArgument('Id of the key, as "bldst token list" shows it.') };
  static override examples = [
    {
      description: 'Revoke a key',
      command: '<%= config.bin %> token revoke "$(<%= config.bin %> token create old -o id)"',
    },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(TokenRevoke);
    const client = await this.client();
    await client.tokens.revoke(args.token);
    await this.show(deletedView(args.token, `Revoked the key ${args.token}.`));
  }
}
