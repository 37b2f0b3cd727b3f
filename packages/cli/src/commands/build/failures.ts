import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { mostFlag } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { buildStateCode } from '../../values/state.ts';
import { failureListView } from '../../views/attempt.ts';

/** `bldst build failures` */
export default class BuildFailures extends TrackerCommand {
  static override summary = 'List the failed attempts of a build: category, component, whether resolved.';
  static override args = { build: buildArgument };
  static override flags = {
    state: Flags.string({ summary: 'Only failures of this state.', helpValue: 'N|NAME' }),
    ...mostFlag,
  };
  static override examples = [
    { description: 'What went wrong so far', command: '<%= config.bin %> build failures linux:42' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildFailures);
    const build = this.build(args.build);
    const client = await this.client();
    const state = flags.state === undefined ? undefined : await buildStateCode(client, build, flags.state);
    await this.showList(client.builds.failures(build, present({ state })), flags.limit, failureListView);
  }
}
