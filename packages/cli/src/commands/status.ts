import type { RejectedReport } from '@buildstate/client';
import { TrackerCommand } from '../base/tracker-command.ts';
import { serverStatus } from '../connect/server-status.ts';
import { ageOf, shortDuration } from '../output/amounts.ts';
import type { Style } from '../output/style.ts';
import { details, table } from '../output/table.ts';

/** `bldst status` */
export default class Status extends TrackerCommand {
  static override summary = 'Show the tracker: what it is, since when it runs, what waits for it.';
  static override examples = [{ description: 'How is the tracker?', command: '<%= config.bin %> status' }];

  async run(): Promise<void> {
    await this.parse(Status);
    const client = await this.client();
    const { env, now, version: ownVersion } = this.session;
    const [health, waiting, rejected, server] = await Promise.all([
      client.health(),
      client.spool.waiting(),
      client.spool.rejected(),
      client.mode === 'server' ? serverStatus(client.uri, env) : undefined,
    ]);
    const skew = Date.parse(health.timestamp) - now();
    await this.show({
      body: {
        tracker: client.uri,
        mode: client.mode,
        status: server?.status ?? health.status,
        version: server?.version ?? ownVersion,
        uptime: server?.uptime ?? null,
        timestamp: health.timestamp,
        waitingReports: waiting.length,
        rejectedReports: rejected.length,
        rejected,
      },
      ids: () => [client.uri],
      text: (style) =>
        `${details(style, [
          ['Tracker', client.uri],
          ['Mode', client.mode === 'server' ? 'server' : 'local store, opened by this command'],
          ['Status', server?.status ?? health.status],
          ['Version', server?.version ?? ownVersion],
          ['Up for', server && shortDuration(server.uptime)],
          ['Its clock', Math.abs(skew) > 5000 ? `off by ${shortDuration(Math.abs(skew) / 1000)}` : undefined],
          ['Reports that wait', waiting.length > 0 ? waitingText(waiting, now()) : undefined],
          ['Reports refused', rejected.length > 0 ? String(rejected.length) : undefined],
        ])}${refusedText(rejected, style)}`,
    });
  }
}

function waitingText(waiting: readonly { readonly spooledAt: string }[], now: number): string {
  const oldest = waiting.map(({ spooledAt }) => spooledAt).sort()[0] ?? '';
  return `${waiting.length}, the oldest for ${ageOf(oldest, now)}`;
}

/** What was refused and why, report by report; nothing when nothing was. */
function refusedText(rejected: readonly RejectedReport[], style: Style): string {
  if (rejected.length === 0) return '';
  const reports = table(style, rejected, [
    { title: 'Build', value: ({ build }) => build },
    { title: 'State', value: ({ state }) => state?.toString() },
    {
      title: 'Status',
      value: ({ status, operation }) => status ?? (operation === 'recordFailure' ? 'failed' : null),
    },
    { title: 'Written', value: ({ spooledAt }) => `${ageOf(spooledAt, style.now)} ago` },
    { title: 'Event', value: ({ eventId }) => eventId, cuttable: true },
    { title: 'Reason', value: ({ reason }) => reason },
  ]);
  return `\n\n${reports}`;
}
