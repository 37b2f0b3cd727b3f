import { TimeoutError } from '@buildstate/core/light';
import * as Flags from '@oclif/core/flags';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { instantOf } from '../../values/duration.ts';
import { present } from '../../values/present.ts';
import { deadlineOf, timeoutFlag } from '../../watch/deadline.ts';
import { WatchDisplay } from '../../watch/watch-display.ts';

/** `bldst events watch` */
export default class EventsWatch extends TrackerCommand {
  static override summary = 'Follow what happens to all builds, live.';
  static override description =
    'One event a line, with -o json as one JSON text a line. It begins now, unless --since or --after say otherwise, and goes on until it is interrupted. A connection that is lost is made again, and nothing is missed. Stores that keep each build by itself (folders and files) have no such order; follow one build there with "bldst build watch".';
  static override flags = {
    project: Flags.string({
      char: 'p',
      summary: 'Only builds of this project: its id or name.',
      helpValue: 'PROJECT',
    }),
    type: Flags.string({
      char: 't',
      summary: 'Only events of these types, with commas between: state.failed, artifact.*.',
      helpValue: 'TYPES',
    }),
    since: Flags.string({
      summary: 'Begin with what happened then: a time, or how long ago, such as 1h.',
      helpValue: 'TIME',
    }),
    after: Flags.string({
      summary: 'Begin behind this position of an earlier event; 0 for all there is.',
      helpValue: 'POSITION',
    }),
    most: Flags.integer({ summary: 'End after so many events.', min: 1, helpValue: 'N' }),
    ...timeoutFlag,
  };
  static override examples = [
    { description: 'What is going on?', command: '<%= config.bin %> events watch' },
    {
      description: 'Every failure of a project, for a script',
      command: '<%= config.bin %> events watch --project linux --type state.failed --json',
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(EventsWatch);
    const { project, type, since, after, most, timeout } = flags;
    const signal = deadlineOf(timeout);
    const client = await this.client();
    const display = new WatchDisplay(this.session, this.format === 'json');
    const query = present({
      projectId: project,
      type,
      after,
      since: since === undefined ? undefined : instantOf('since', since, 'ago', this.session.now()),
    });
    let count = 0;
    try {
      for await (const event of client.events.follow(query, { signal })) {
        display.event(event, `${event.project}:${event.buildNumber}`);
        count += 1;
        if (count === most) return;
      }
    } finally {
      await display.finish();
    }
    throw new TimeoutError(`Watched for ${timeout}.`);
  }
}
