import type { BuildDetails } from '@buildstate/client';
import { TimeoutError } from '@buildstate/core/light';
import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { leftText } from '../../views/outlook.ts';
import { buildChanges } from '../../watch/build-changes.ts';
import { deadlineOf, timeoutFlag } from '../../watch/deadline.ts';
import { outcomeOf } from '../../watch/outcome.ts';
import { WatchDisplay } from '../../watch/watch-display.ts';

/** `bldst build watch` */
export default class BuildWatch extends TrackerCommand {
  static override summary = 'Follow a build live, until it ends.';
  static override description = [
    'Shows its history and then what happens, one event a line; on a terminal with a bar below that shows where it is, with -o json as one JSON text a line. What is left of the build is said where it can be estimated: in the bar, or once for each state on standard error. A tracker that goes away meanwhile is waited for, and nothing is missed.',
    'The exit code is that of the outcome: 0 when the build is completed, 1 when it failed or was cancelled.',
  ].join('\n');
  static override args = { build: buildArgument };
  static override flags = {
    retries: Flags.boolean({ summary: 'Go on through failures that are going to be tried again.' }),
    ...timeoutFlag,
  };
  static override examples = [
    { description: 'See how a build does', command: '<%= config.bin %> build watch linux:42' },
    {
      description: 'The states that it completes, as they are completed',
      command: `<%= config.bin %> build watch linux:42 --json | jq -r 'select(.type == "state.completed").data.state'`,
    },
  ];

  #estimatedAt: number | undefined;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildWatch);
    const build = this.build(args.build);
    const signal = deadlineOf(flags.timeout);
    const client = await this.client();
    const id = await client.builds.resolve(build);
    const display = new WatchDisplay(this.session, this.format === 'json');
    try {
      for await (const now of buildChanges(client, id, {
        signal,
        onEvent: (event) => display.event(event),
      })) {
        display.where(now);
        if (!display.moving) await this.#estimate(now);
        const outcome = outcomeOf(now, flags);
        if (outcome === undefined) continue;
        this.exitCode = outcome;
        return;
      }
    } finally {
      await display.finish();
    }
    throw new TimeoutError(`Build ${build} has not ended within ${flags.timeout}.`);
  }

  /** Says what is left, where that is known, once for each state that the build comes to. */
  async #estimate({ eta, currentState, currentStateDisplayName }: BuildDetails): Promise<void> {
    const left = leftText(eta);
    if (left === undefined || eta == null || this.#estimatedAt === currentState) return;
    this.#estimatedAt = currentState;
    // A build that only a person moves on has no end in sight, however little is left.
    const end = eta.finishAt === null ? '' : `, done by ${eta.finishAt}`;
    await this.note(`State ${currentState} - ${currentStateDisplayName}: about ${left} left${end}`);
  }
}
