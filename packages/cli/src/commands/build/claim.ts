import { hostname } from 'node:os';
import * as Flags from '@oclif/core/flags';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { durationSeconds } from '../../values/duration.ts';
import { present } from '../../values/present.ts';
import { stateRanges } from '../../values/state-ranges.ts';
import { claimView } from '../../views/claim.ts';

/** Longest that one request waits, in seconds. */
const longestRequest = 30;

/** `bldst build claim` */
export default class BuildClaim extends TrackerCommand {
  static override summary = 'Take the build that waits longest, with its lease.';
  static override description = [
    'Gives the oldest build that nobody works at: a new one, one that goes on, one that failed and is due again, or one whose holder is gone. The lease is yours until it expires: renew it with build lease --renew, and give it up with build lease --release. bldst worker does all of this by itself.',
    'Without --wait a tracker that has nothing is asked once. Nothing to do is no error: nothing is printed, and the variables of -o env are empty.',
  ].join('\n');
  static override flags = {
    project: Flags.string({
      char: 'p',
      summary: 'Only builds of this project. Default: all that the key may see.',
      helpValue: 'NAME|ID',
    }),
    platform: Flags.string({ summary: 'Only builds for this platform.', helpValue: 'NAME|ID' }),
    states: Flags.string({
      summary: 'Only builds that would do one of these states next.',
      helpValue: '35-70,90',
    }),
    holder: Flags.string({
      summary: 'Who holds it, in words. Default: the CI job, else user@host.',
      helpValue: 'NAME',
    }),
    ttl: Flags.string({
      summary: 'How long the lease lives without renewal. Default: 60s.',
      helpValue: 'TIME',
    }),
    wait: Flags.string({
      summary: 'How long to wait for a build when there is none. Default: not at all.',
      helpValue: 'TIME',
    }),
  };
  static override examples = [
    {
      description: 'In a script that works on states 35 to 70',
      command: 'eval "$(<%= config.bin %> build claim --project linux --states 35-70 --wait 10m -o env)"',
    },
    { description: 'What would be next', command: '<%= config.bin %> build claim -p linux' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(BuildClaim);
    const { project, platform, holder } = flags;
    const waitSeconds = flags.wait === undefined ? 0 : durationSeconds('wait', flags.wait);
    const wish = present({
      project,
      platform,
      holder,
      states: flags.states === undefined ? undefined : stateRanges('states', flags.states),
      ttlSeconds: flags.ttl === undefined ? undefined : durationSeconds('ttl', flags.ttl),
      // This process ends at once, so it must not be the one whose end frees the lease.
      identity: { host: hostname() },
    });
    const client = await this.client();
    const until = performance.now() + waitSeconds * 1000;
    for (;;) {
      const left = Math.max(0, (until - performance.now()) / 1000);
      const claim = await client.builds.claim({ ...wish, waitSeconds: Math.min(longestRequest, left) });
      if (claim === undefined && left > longestRequest) continue;
      this.subject = claim?.build.id;
      await this.show(claimView(claim));
      if (claim === undefined) await this.note('Nothing to do.');
      return;
    }
  }
}
