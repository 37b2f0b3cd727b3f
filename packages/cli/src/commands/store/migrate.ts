import type { StateStore } from '@buildstate/core';
import { StateInProgressError } from '@buildstate/core/light';
import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../../base/args.ts';
import { progressFlag, StoreCommand } from '../../base/store-command.ts';
import { withoutCredentials } from '../../connect/origin.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { waitUntilFree } from '../../store/wait-until-free.ts';
import { durationSeconds } from '../../values/duration.ts';
import { putLines } from '../../views/store.ts';

/** `bldst store migrate` */
export default class StoreMigrate extends StoreCommand {
  static override summary = 'Copy everything from one store to another, of the same or another kind.';
  static override description = [
    'Projects, reference data, API keys and builds, deleted ones too, with the same ids, versions, chains of events and answers to reports. At the end all of it is read back: counts and SHA-256 must be the same. FROM is only read. What is in TO already stays as it is, so that a copy that was interrupted is done again and goes on.',
    'Stop the server first. A build that somebody holds the lease of would go on in FROM while its copy stands still, so such builds are refused before anything is copied (exit code 4): --wait waits for their ends, --force copies them as they are, lease included, for when their workers will go on with TO.',
    'Give the server that uses TO the same key ring. Bytes of artifacts stay where they are.',
  ].join('\n');
  static override args = {
    from: requiredArgument('Address of the store to read.'),
    to: requiredArgument('Address of the store to write.'),
  };
  static override flags = {
    wait: Flags.string({
      summary: 'How long to wait until nobody holds a lease any more.',
      helpValue: 'TIME',
      exclusive: ['force'],
    }),
    force: Flags.boolean({ summary: 'Copy builds that somebody works on, too.', exclusive: ['wait'] }),
    progress: progressFlag,
  };
  static override examples = [
    {
      description: 'From a folder of files to one database',
      command: '<%= config.bin %> store migrate ./local-store sqlite:./moved.db',
    },
    {
      description: 'Wait for the builds that are running',
      command: '<%= config.bin %> store migrate ./local-store file:./moved --wait 2h',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreMigrate);
    const from = await this.openExisting(await this.address(args.from));
    const { copyStore } = await import('@buildstate/state-stores/moving');
    if (!flags.force)
      await this.#mustBeFree(from, flags.wait === undefined ? 0 : durationSeconds('wait', flags.wait));
    const to = await this.openStore(await this.address(args.to));
    const summary = await this.withProgress('Copying', flags.progress, (onProgress) =>
      copyStore(from, to, onProgress),
    );
    if (summary.conflicts.length > 0) this.exitCode = exitCodes.conflict.code;
    await this.show({
      body: summary,
      text: (style) =>
        [
          ...putLines('Copied', summary, style),
          `Read back from ${withoutCredentials(to.uri)}: the same, SHA-256 ${summary.sha256}.`,
        ].join('\n'),
    });
  }

  async #mustBeFree(store: StateStore, patience: number): Promise<void> {
    const { leasedBuilds } = await import('@buildstate/state-stores/moving');
    const held = await waitUntilFree(() => leasedBuilds(store), patience * 1000, {
      say: (text) => this.note(text),
    });
    if (held.length === 0) return;
    const names = held
      .slice(0, 5)
      .map(({ build, lease }) => `${build.project}:${build.buildNumber} by ${lease.holder}`);
    const more = held.length > 5 ? `, and ${held.length - 5} more` : '';
    throw new StateInProgressError(
      `${held.length === 1 ? 'A build is' : `${held.length} builds are`} being worked on: ${names.join(', ')}${more}. ` +
        'Wait for them with --wait 2h, or copy them as they are with --force.',
      { context: { builds: held.map(({ build }) => build.id) } },
    );
  }
}
