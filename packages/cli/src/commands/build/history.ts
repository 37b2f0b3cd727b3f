import type { AttemptRecord } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { mostFlag } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { attemptStatuses } from '../../values/choices.ts';
import { present } from '../../values/present.ts';
import { buildStateCode } from '../../values/state.ts';
import { attemptListView } from '../../views/attempt.ts';

/** `bldst build history` */
export default class BuildHistory extends TrackerCommand {
  static override summary = 'List every attempt of a build, oldest first.';
  static override args = { build: buildArgument };
  static override flags = {
    state: Flags.string({ summary: 'Only attempts at this state.', helpValue: 'N|NAME' }),
    status: Flags.string({ char: 's', summary: 'Only those that went so.', options: [...attemptStatuses] }),
    ...mostFlag,
  };
  static override examples = [
    { description: 'The whole history', command: '<%= config.bin %> build history linux:42' },
    {
      description: 'Where the artifact of state 10 is',
      command: `<%= config.bin %> build history linux:42 --json | jq -r '.[] | select(.state == 10) | .artifact_storage_path'`,
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildHistory);
    const build = this.build(args.build);
    const client = await this.client();
    const state = flags.state === undefined ? undefined : await buildStateCode(client, build, flags.state);
    const status = flags.status as AttemptRecord['status'] | undefined;
    const shown = await this.showList(
      client.builds.attempts(build, present({ state, status })),
      flags.limit,
      attemptListView,
    );
    if (shown === 0 && (await client.builds.get(build)).history !== 'full')
      await this.note(`Its attempts are not kept any more. What is left: bldst events list ${build}`);
  }
}
