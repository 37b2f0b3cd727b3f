import * as Flags from '@oclif/core/flags';
import type { CommandClass } from '../base/command-class.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { present } from '../values/present.ts';
import { referenceView } from '../views/reference.ts';
import { entryArguments, entryFields, entryFlags } from './flags.ts';
import { entriesOf, type FlagValues, type ReferenceTopic } from './topic.ts';

/** The command that changes an entry of a kind. */
export function updateCommand(topic: ReferenceTopic): CommandClass {
  return class ReferenceUpdate extends TrackerCommand {
    static override summary = `Change ${topic.one}. What is not named stays as it is.`;
    static override description =
      'A deactivated one becomes active again, also when nothing is named. Builds keep the name that was good when they were made.';
    static override args = entryArguments(topic);
    static override flags = {
      name: Flags.string({ char: 'n', summary: 'What it is to be called from now on.', helpValue: 'NAME' }),
      ...entryFlags,
      ...topic.flags,
    };
    static override examples = [
      {
        description: 'Say what it is',
        command: `<%= config.bin %> ${topic.topic} update ${topic.example} --description "As agreed with security"`,
      },
    ];

    async run(): Promise<void> {
      const { args, flags } = await this.parse(ReferenceUpdate);
      const client = await this.client();
      const own = await topic.fields(client, flags as FlagValues);
      const changes = { ...present({ name: flags.name }), ...entryFields(flags), ...own };
      await this.show(referenceView(topic, await entriesOf(client, topic).update(args.entry, changes)));
    }
  };
}
