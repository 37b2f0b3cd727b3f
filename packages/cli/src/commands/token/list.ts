import { mostFlag } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { tokenListView } from '../../views/token.ts';

/** `bldst token list` */
export default class TokenList extends TrackerCommand {
  static override summary = 'List API keys; their secrets are not kept anywhere.';
  static override description = 'Needs a key with the admin scope.';
  static override flags = mostFlag;
  static override examples = [{ description: 'All keys', command: '<%= config.bin %> token list' }];

  async run(): Promise<void> {
    const { flags } = await this.parse(TokenList);
    const client = await this.client();
    await this.showList(await client.tokens.list(), flags.limit, tokenListView);
  }
}
