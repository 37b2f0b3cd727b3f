import { buildArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { resumeStateOf } from '../../values/resume-state.ts';
import { buildView } from '../../views/build.ts';

/** `bldst build get` */
export default class BuildGet extends TrackerCommand {
  static override summary = 'Show a build: where it is, what it is doing, what went wrong.';
  static override args = { build: buildArgument };
  static override examples = [
    { description: 'Show a build', command: '<%= config.bin %> build get linux:42' },
    {
      description: 'Its state code, for a script',
      command: '<%= config.bin %> build get linux:42 --json | jq .current_state',
    },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(BuildGet);
    const build = this.build(args.build);
    const client = await this.client();
    const details = await client.builds.get(build);
    await this.show(buildView(details, () => resumeStateOf(client, details)));
  }
}
