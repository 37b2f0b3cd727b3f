import { TrackerCommand } from '../base/tracker-command.ts';
import { details } from '../output/table.ts';

/** `bldst whoami` */
export default class Whoami extends TrackerCommand {
  static override summary = 'Say whom the API key belongs to and what it may do.';
  static override examples = [{ description: 'Who am I?', command: '<%= config.bin %> whoami' }];

  async run(): Promise<void> {
    await this.parse(Whoami);
    const client = await this.client();
    const caller = await client.whoami();
    await this.show({
      body: caller,
      ids: () => [caller.id],
      text: (style) =>
        details(style, [
          ['Tracker', client.uri],
          ['Id', caller.id],
          ['May', caller.scopes.join(', ')],
          ['Only project', caller.projectId],
          ['Reports as', client.reporter],
        ]),
    });
  }
}
