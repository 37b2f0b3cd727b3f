import type { BuildDetails } from '@buildstate/client';
import { TimeoutError } from '@buildstate/core/light';
import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { resumeStateOf } from '../../values/resume-state.ts';
import { projectStateCode } from '../../values/state.ts';
import { buildView } from '../../views/build.ts';
import { buildChanges } from '../../watch/build-changes.ts';
import { deadlineOf, timeoutFlag } from '../../watch/deadline.ts';
import { outcomeOf } from '../../watch/outcome.ts';

/** `bldst build wait` */
export default class BuildWait extends TrackerCommand {
  static override summary = 'Wait until a build has completed a state, or has ended.';
  static override description = [
    'A state counts when it, or a later one, is completed or skipped, not when it is begun. Without --state the end of the build is waited for. Shows the build when the waiting is over. A tracker that goes away meanwhile is waited for as well.',
    'Exit codes: 0 when what was waited for has come, 1 when the build failed or was cancelled before, 10 when the time was over.',
  ].join('\n');
  static override args = { build: buildArgument };
  static override flags = {
    state: Flags.string({
      char: 's',
      aliases: ['state-code', 'state-name'],
      summary: 'The state that has to be completed, by its code or name. Default: the end of the build.',
      helpValue: 'STATE',
    }),
    retries: Flags.boolean({ summary: 'Wait on through failures that are going to be tried again.' }),
    ...timeoutFlag,
  };
  static override examples = [
    {
      description: 'Begin the tests when the runtimes are in',
      command: '<%= config.bin %> build wait linux:42 --state 50 --timeout 30m && ./test.sh',
    },
    { description: 'How does it end?', command: '<%= config.bin %> build wait linux:42' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildWait);
    const build = this.build(args.build);
    const signal = deadlineOf(flags.timeout);
    const client = await this.client();
    const { id, project } = await client.builds.get(build);
    const state =
      flags.state === undefined ? undefined : await projectStateCode(client, project, flags.state);
    let last: BuildDetails | undefined;
    for await (const now of buildChanges(client, id, { signal })) {
      last = now;
      const outcome = outcomeOf(now, { state, retries: flags.retries });
      if (outcome === undefined) continue;
      this.exitCode = outcome;
      await this.show(buildView(now, () => resumeStateOf(client, now)));
      return;
    }
    const wanted = state === undefined ? 'ended' : `completed state ${state}`;
    const where = last === undefined ? '' : ` It is ${last.status} at state ${last.currentState}.`;
    throw new TimeoutError(`Build ${build} has not ${wanted} within ${flags.timeout}.${where}`);
  }
}
