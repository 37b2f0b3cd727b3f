import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { jsonObject } from '../../values/json.ts';
import { buildAndName } from '../../values/positionals.ts';
import { present } from '../../values/present.ts';
import { resumeStateOf } from '../../values/resume-state.ts';
import { buildStateCode } from '../../values/state.ts';
import { buildView } from '../../views/build.ts';

/** `bldst build branch` */
export default class BuildBranch extends TrackerCommand {
  static override summary = 'Fork a branch off a build: parallel work that is retried and resumed by itself.';
  static override description = [
    'The branch is a build of its own, BUILD/KEY. It begins after a state that the build has completed, and has its resumable artifacts and its variables. With --until the build reports nothing beyond that state before the branch has completed it.',
    'The same line again answers the same branch.',
  ].join('\n');
  static override args = {
    build: optionalArgument('The build. May be left out where BLDST_BUILD_ID or .bldst-build names it.'),
    key: optionalArgument('The key of the branch, such as eu-west-1.'),
  };
  static override flags = {
    from: Flags.string({
      summary: 'The completed state after which it begins. Default: the last one.',
      helpValue: 'N|NAME',
    }),
    until: Flags.string({
      summary:
        'The state that it must complete before the build goes beyond it. Default: the build does not wait.',
      helpValue: 'N|NAME',
    }),
    platform: Flags.string({
      summary: "What this branch is made for. Default: the build's platform.",
      helpValue: 'NAME',
    }),
    description: Flags.string({ char: 'd', summary: 'What it is for.', helpValue: 'TEXT' }),
    metadata: Flags.string({ summary: 'Your own facts, as a JSON object.', helpValue: 'JSON' }),
    again: Flags.boolean({
      summary: 'Replace the branch with this key: cancel it, and fork the key anew.',
      exclusive: ['let-go'],
    }),
    'let-go': Flags.boolean({
      summary: 'Let the build go on without this branch, which lives on by itself.',
      exclusive: ['from', 'until', 'platform', 'description', 'metadata'],
    }),
  };
  static override examples = [
    {
      description: 'Publish to a region by itself; the build waits at state 90',
      command: '<%= config.bin %> build branch linux:42 eu-west-1 --until 90',
    },
    {
      description: 'Go on without a region that was cancelled',
      command: '<%= config.bin %> build branch linux:42 eu-west-1 --let-go',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildBranch);
    const words = buildAndName([args.build, args.key], 'the KEY of the branch');
    const build = this.build(words.build);
    const client = await this.client();
    if (flags['let-go']) await client.builds.letBranchGo(build, words.name);
    const details = flags['let-go']
      ? await client.builds.get(build)
      : await client.builds.fork(build, {
          key: words.name,
          ...present({
            fromState: flags.from === undefined ? undefined : await buildStateCode(client, build, flags.from),
            until: flags.until === undefined ? undefined : await buildStateCode(client, build, flags.until),
            platform: flags.platform,
            description: flags.description,
            metadata: jsonObject('metadata', flags.metadata),
            again: flags.again || undefined,
          }),
        });
    await this.show(buildView(details, () => resumeStateOf(client, details)));
  }
}
