import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../../base/args.ts';
import { projectFlag } from '../../base/figure-flags.ts';
import { limitFlags } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { beginningOf } from '../../output/listing.ts';
import { present } from '../../values/present.ts';
import { foundArtifactsView } from '../../views/lineage.ts';

/** `bldst artifact search` */
export default class ArtifactSearch extends TrackerCommand {
  static override summary = 'Search the artifacts of all builds, newest first.';
  static override args = { text: optionalArgument('A text in the name, the type or the path.') };
  static override flags = {
    checksum: Flags.string({
      summary: 'Who has these bytes: sha256:…, md5:…, or the digits alone.',
      helpValue: 'DIGEST',
    }),
    project: projectFlag,
    type: Flags.string({ char: 't', summary: 'Only those of this type.', helpValue: 'TYPE' }),
    'made-from': Flags.string({ summary: 'Only those made from this artifact.', helpValue: 'ID' }),
    final: Flags.boolean({ summary: 'Only deliverables.', allowNo: true }),
    pinned: Flags.boolean({ summary: 'Only those that are pinned.', allowNo: true }),
    'include-deleted': Flags.boolean({ summary: 'Deleted and superseded ones as well.' }),
    ...limitFlags,
  };
  static override examples = [
    { description: 'Everything called golden', command: '<%= config.bin %> artifact search golden' },
    {
      description: 'Which builds have exactly these bytes?',
      command:
        '<%= config.bin %> artifact search --checksum "$(sha256sum < base.qcow2 | cut -d " " -f 1)" -o id',
    },
    {
      description: 'The deliverables of a project',
      command: '<%= config.bin %> artifact search --project linux --final',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ArtifactSearch);
    const client = await this.client();
    const found = client.artifacts.search(
      present({
        q: args.text,
        checksum: flags.checksum,
        projectId: flags.project,
        artifactType: flags.type,
        parentId: flags['made-from'],
        isFinal: flags.final,
        isPinned: flags.pinned,
        includeDeleted: flags['include-deleted'] || undefined,
      }),
    );
    const { items, more } = await beginningOf(found, flags.all ? undefined : flags.limit);
    await this.show(foundArtifactsView(items));
    if (more) await this.noteMore(items.length);
  }
}
