import type { CommandClass } from '../base/command-class.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { deletedView } from '../views/deleted.ts';
import { entryArguments } from './flags.ts';
import { entriesOf, type ReferenceTopic } from './topic.ts';

/** The command that deactivates an entry of a kind. */
export function deleteCommand(topic: ReferenceTopic): CommandClass {
  const what = topic.one.replace(/^an? /, '');
  return class ReferenceDelete extends TrackerCommand {
    static override summary = `Deactivate ${topic.one}; its builds are kept.`;
    static override description = 'Needs a key with the admin scope.';
    static override args = entryArguments(topic);
    static override examples = [
      {
        description: `No new builds of ${topic.one}`,
        command: `<%= config.bin %> ${topic.topic} delete ${topic.example}`,
      },
    ];

    async run(): Promise<void> {
      const { args } = await this.parse(ReferenceDelete);
      const entries = entriesOf(await this.client(), topic);
      const { id, name } = await entries.get(args.entry);
      await entries.delete(id);
      await this.show(deletedView(id, `Deactivated the ${what} ${name}.`));
    }
  };
}
