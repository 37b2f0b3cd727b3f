import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { mostFlag } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { buildStateCode } from '../../values/state.ts';
import { artifactListView } from '../../views/artifact.ts';

/** `bldst artifact list` */
export default class ArtifactList extends TrackerCommand {
  static override summary = 'List what the states of a build produced.';
  static override args = { build: buildArgument };
  static override flags = {
    state: Flags.string({ summary: 'Only those of this state.', helpValue: 'N|NAME' }),
    name: Flags.string({ char: 'n', summary: 'Only those with this name.', helpValue: 'NAME' }),
    type: Flags.string({ char: 't', summary: 'Only those of this type.', helpValue: 'TYPE' }),
    resumable: Flags.boolean({ summary: 'Only those that a build can resume from.', allowNo: true }),
    final: Flags.boolean({ summary: 'Only deliverables.', allowNo: true }),
    'include-deleted': Flags.boolean({ summary: 'Deleted ones as well.' }),
    inherited: Flags.boolean({ summary: 'What a branch has from the builds above it as well.' }),
    ...mostFlag,
  };
  static override examples = [
    { description: 'Everything that a build has made', command: '<%= config.bin %> artifact list linux:42' },
    {
      description: 'The deliverables, for a script',
      command: '<%= config.bin %> artifact list linux:42 --final --json',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactList);
    const build = this.build(args.build);
    const client = await this.client();
    const query = present({
      stateCode: flags.state === undefined ? undefined : await buildStateCode(client, build, flags.state),
      artifactName: flags.name,
      artifactType: flags.type,
      isResumable: flags.resumable,
      isFinal: flags.final,
      includeDeleted: flags['include-deleted'] || undefined,
      includeInherited: flags.inherited || undefined,
    });
    await this.showList(client.artifacts.list(build, query), flags.limit, artifactListView);
  }
}
