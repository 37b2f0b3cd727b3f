import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { limitFlags } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { beginningOf } from '../../output/listing.ts';
import { present } from '../../values/present.ts';
import { eventListView } from '../../views/event.ts';

/** `bldst events list` */
export default class EventsList extends TrackerCommand {
  static override summary = 'List what happened to a build and who did it, oldest first.';
  static override description =
    'Events are numbered from 1 without gaps, and each carries the hash of the one before: -o json shows them whole.';
  static override args = { build: buildArgument };
  static override flags = {
    after: Flags.integer({ summary: 'Only those after this number.', helpValue: 'N', min: 0 }),
    type: Flags.string({
      char: 't',
      summary: 'Only those of this type, or of all types that begin so: state.failed, artifact.',
      helpValue: 'TYPE',
    }),
    ...limitFlags,
  };
  static override examples = [
    { description: 'The whole story', command: '<%= config.bin %> events list linux:42 --all' },
    {
      description: 'What has failed',
      command: '<%= config.bin %> events list linux:42 --type state.failed',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EventsList);
    const build = this.build(args.build);
    const client = await this.client();
    const { type } = flags;
    const { items, more } = await beginningOf(
      client.builds.events(build, present({ afterSeq: flags.after })),
      flags.all ? undefined : flags.limit,
      type === undefined ? undefined : (event) => event.type.startsWith(type),
    );
    await this.show(eventListView(items));
    if (more) await this.noteMore(items.length);
  }
}
