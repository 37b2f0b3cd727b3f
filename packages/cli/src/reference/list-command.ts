import * as Flags from '@oclif/core/flags';
import type { CommandClass } from '../base/command-class.ts';
import { limitFlags } from '../base/flags.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { beginningOf } from '../output/listing.ts';
import { present } from '../values/present.ts';
import { referenceListView } from '../views/reference.ts';
import { entriesOf, type ReferenceTopic } from './topic.ts';

/** The command that lists entries of a kind. */
export function listCommand(topic: ReferenceTopic): CommandClass {
  return class ReferenceList extends TrackerCommand {
    static override summary = `List ${topic.many}.`;
    static override flags = {
      'include-deactivated': Flags.boolean({ summary: 'Deactivated ones as well.' }),
      ...limitFlags,
    };
    static override examples = [
      { description: `All ${topic.many}`, command: `<%= config.bin %> ${topic.topic} list` },
    ];

    async run(): Promise<void> {
      const { flags } = await this.parse(ReferenceList);
      const client = await this.client();
      const query = present({ includeDeactivated: flags['include-deactivated'] ? 'true' : undefined });
      const list = entriesOf(client, topic).list(query);
      const { items, more } = await beginningOf(list, flags.all ? undefined : flags.limit);
      await this.show(referenceListView(topic, items));
      if (more) await this.noteMore(items.length);
    }
  };
}
