import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../base/args.ts';
import type { CommandClass } from '../base/command-class.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { present } from '../values/present.ts';
import { referenceView } from '../views/reference.ts';
import { entryFields, entryFlags } from './flags.ts';
import { entriesOf, type FlagValues, type ReferenceTopic } from './topic.ts';

/** The command that adds an entry of a kind. */
export function createCommand(topic: ReferenceTopic): CommandClass {
  return class ReferenceCreate extends TrackerCommand {
    static override summary = `Add ${topic.one}.`;
    static override description =
      `Builds make ${topic.many} that are not there yet on first use, where the server allows it; this adds one with what is known of it.`;
    static override args = { name: requiredArgument('Its name.') };
    static override flags = {
      ...entryFlags,
      ...topic.flags,
      id: Flags.string({ summary: 'Its id, if you bring your own.', helpValue: 'UUID' }),
    };
    static override examples = [
      {
        description: `Add ${topic.one}`,
        command: `<%= config.bin %> ${topic.topic} create ${topic.example} ${topic.exampleFlags}`,
      },
    ];

    async run(): Promise<void> {
      const { args, flags } = await this.parse(ReferenceCreate);
      const client = await this.client();
      const fields = { ...entryFields(flags), ...(await topic.fields(client, flags as FlagValues)) };
      const entry = { name: args.name, ...fields, ...present({ id: flags.id }) };
      await this.show(referenceView(topic, await entriesOf(client, topic).create(entry)));
    }
  };
}
