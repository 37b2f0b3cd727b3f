import type { BuildStateClient, VerifiedEvents } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { instantOf } from '../../values/duration.ts';
import { present } from '../../values/present.ts';
import { verifiedEventsView } from '../../views/verified-events.ts';

/** `bldst events verify` */
export default class EventsVerify extends TrackerCommand {
  static override summary = 'Check that the history of builds is as it was recorded.';
  static override description = [
    'Every event carries the hash of the one before, and the ends of builds and every 100th event are signed with the key ring. This computes the chain of each build anew and finds events that were changed, moved, added or taken out, ends that were cut off, and chains that were computed anew without the keys; the first bad event of each build is named.',
    'Of one build it prints the end, as seq:hash. Keep it where those who can write to the store cannot, and give it to --known later: then also an end is found that was cut off together with what the build says of it.',
    'Exit code 6 when anything is wrong. What comes after the last signature is held by hashes alone.',
  ].join('\n');
  static override strict = false;
  static override usage = 'events verify [BUILD...] [--project PROJECT | --all]';
  static override flags = {
    project: Flags.string({
      char: 'p',
      summary: 'All builds of this project: its id or name.',
      helpValue: 'PROJECT',
      exclusive: ['all'],
    }),
    all: Flags.boolean({ summary: 'All builds.' }),
    'unsigned-before': Flags.string({
      summary: 'Let checkpoints from before this time pass without a signature: a time, or how long ago.',
      helpValue: 'TIME',
    }),
    known: Flags.string({
      summary: 'The end that an earlier check of this one build printed.',
      helpValue: 'SEQ:HASH',
      exclusive: ['all', 'project'],
    }),
  };
  static override examples = [
    { description: 'One build', command: '<%= config.bin %> events verify linux:42' },
    {
      description: 'What the history has now, to be kept elsewhere',
      command: '<%= config.bin %> events verify linux:42 --json | jq -r .end',
    },
    { description: 'Everything, every night', command: '<%= config.bin %> events verify --all' },
  ];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(EventsVerify);
    const named = argv.map(String);
    if (named.length > 0 && (flags.all || flags.project !== undefined))
      throw new UsageError('Name builds, or a project, or --all: one of these.');
    if (flags.known !== undefined && named.length > 1)
      throw new UsageError('--known is about one build. Check the others by themselves.');
    const client = await this.client();
    const before = flags['unsigned-before'];
    const query = present({
      known: flags.known,
      unsignedBefore:
        before === undefined ? undefined : instantOf('unsigned-before', before, 'ago', this.session.now()),
    });
    const builds =
      flags.all || flags.project !== undefined
        ? listed(client, flags.project)
        : named.length > 0
          ? named
          : [this.build(undefined)];
    const bad: VerifiedEvents[] = [];
    const counts = { builds: 0, events: 0, signed: 0 };
    let only: VerifiedEvents | undefined;
    for await (const build of builds) {
      only = await client.events.verify(build, query);
      counts.builds += 1;
      counts.events += only.events;
      if (only.signedSeq > 0) counts.signed += 1;
      if (only.problem !== null) bad.push(only);
    }
    if (bad.length > 0) this.exitCode = exitCodes.integrity.code;
    await this.show(verifiedEventsView(counts, bad, counts.builds === 1 ? only : undefined));
  }
}

/** Ids of builds, page by page. */
async function* listed(client: BuildStateClient, projectId: string | undefined): AsyncGenerator<string> {
  for await (const { id } of client.builds.list(present({ projectId, limit: 1000 }))) yield id;
}
