import type { StateReport } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { failureFlags, occurrenceFlags, reporterFlags, stateFlag } from '../../base/report-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { reportStatuses } from '../../values/choices.ts';
import { jsonObject } from '../../values/json.ts';
import { present } from '../../values/present.ts';
import { failureFields, occurrenceFields, reporterFields } from '../../values/report-fields.ts';
import { stateChoice } from '../../values/state.ts';
import { reportView } from '../../views/attempt.ts';

/** `bldst build add-state` */
export default class BuildAddState extends TrackerCommand {
  static override summary = 'Report that a build has reached a state, or how a state went.';
  static override aliases = ['build update-state'];
  static override args = { build: buildArgument };
  static override flags = {
    state: stateFlag,
    status: Flags.string({
      char: 's',
      summary: 'How it went. Default: completed.',
      options: [...reportStatuses],
    }),
    'storage-type': Flags.string({
      summary: 'Where the artifact is: s3, local, azure_blob, …',
      helpValue: 'TYPE',
      dependsOn: ['storage-path'],
    }),
    'storage-path': Flags.string({
      summary: 'URI or path of the artifact.',
      helpValue: 'URI',
      dependsOn: ['storage-type'],
    }),
    'artifact-size': Flags.integer({ summary: 'Its size in bytes.', helpValue: 'BYTES', min: 0 }),
    checksum: Flags.string({ summary: 'Its checksum.', helpValue: 'sha256:HEX' }),
    'artifact-metadata': Flags.string({ summary: 'Facts about it, as a JSON object.', helpValue: 'JSON' }),
    'artifact-name': Flags.string({
      summary: 'Register the artifact under this name as well.',
      helpValue: 'NAME',
    }),
    'artifact-type': Flags.string({ summary: 'Its type: disk_image, archive, …', helpValue: 'TYPE' }),
    ...occurrenceFlags,
    ...failureFlags,
    ...reporterFlags,
    spool: Flags.boolean({
      summary: 'While the tracker cannot be reached, keep the report on disk and deliver it later.',
    }),
  };
  static override examples = [
    {
      description: 'State 10 is completed',
      command: '<%= config.bin %> build add-state linux:42 --state 10',
    },
    {
      description: 'A state begins, by its name',
      command: '<%= config.bin %> build add-state linux:42 --state base-config --status started',
    },
    {
      description: 'A state is completed, with what it made',
      command:
        '<%= config.bin %> build add-state linux:42 --state 25 --storage-type s3 --storage-path s3://images/linux/42.qcow2 --artifact-size 1073741824 --message "Security baseline applied"',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildAddState);
    const build = this.build(args.build);
    if (flags.state === undefined) throw new UsageError('Which state? Give its code or name with --state.');
    const report: StateReport = {
      ...stateChoice(flags.state),
      ...occurrenceFields(flags),
      ...failureFields(flags),
      ...reporterFields(flags, await this.leaseToken(build, flags['lease-token'])),
      ...present({
        status: flags.status as StateReport['status'],
        artifactStorageType: flags['storage-type'],
        artifactStoragePath: flags['storage-path'],
        artifactSizeBytes: flags['artifact-size'],
        artifactChecksum: flags.checksum,
        artifactMetadata: jsonObject('artifact-metadata', flags['artifact-metadata']),
        artifactName: flags['artifact-name'],
        artifactType: flags['artifact-type'],
      }),
    };
    await this.#send(build, report, flags.spool);
  }

  async #send(build: string, report: StateReport, spool: boolean): Promise<void> {
    const client = await this.client();
    const outcome = spool
      ? await client.report(build, report, { spool })
      : { delivered: true as const, answer: await client.builds.record(build, report) };
    if (!outcome.delivered) {
      const { eventId, waiting, reason } = outcome;
      await this.caution(
        `${reason.message} The report is kept on disk (${waiting} waiting) and delivered later.`,
      );
      await this.show({
        body: { delivered: false, eventId, waiting },
        ids: () => [eventId],
        text: () => '',
        variables: () => ({}),
      });
      return;
    }
    for (const warning of outcome.answer.warnings) await this.caution(warning);
    await this.show(reportView(outcome.answer));
  }
}
