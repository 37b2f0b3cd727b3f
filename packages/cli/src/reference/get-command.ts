import type { CommandClass } from '../base/command-class.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { referenceView } from '../views/reference.ts';
import { entryArguments } from './flags.ts';
import { entriesOf, type ReferenceTopic } from './topic.ts';

/** The command that shows one entry of a kind. */
export function getCommand(topic: ReferenceTopic): CommandClass {
  return class ReferenceGet extends TrackerCommand {
    static override summary = `Show ${topic.one}.`;
    static override args = entryArguments(topic);
    static override examples = [
      {
        description: `Show ${topic.one}`,
        command: `<%= config.bin %> ${topic.topic} get ${topic.example}`,
      },
    ];

    async run(): Promise<void> {
      const { args } = await this.parse(ReferenceGet);
      const client = await this.client();
      await this.show(referenceView(topic, await entriesOf(client, topic).get(args.entry)));
    }
  };
}
