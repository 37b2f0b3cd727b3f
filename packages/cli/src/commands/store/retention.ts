import { type DueCut, dueCuts, goingRows, retentionIn } from '@buildstate/core';
import { StoreCommand, storeArguments } from '../../base/store-command.ts';
import { ageOf } from '../../output/amounts.ts';
import { type Column, table } from '../../output/table.ts';

/** A build whose time has come, and what would become of it. */
interface Explained {
  readonly id: string;
  readonly build: string;
  readonly endedAt: string;
  /** What is left afterwards. */
  readonly keeps: DueCut['keeps'];
  /** How many rows of each kind go. */
  readonly rows: ReturnType<typeof goingRows>;
  /** Why it goes, or why not. */
  readonly reason: string;
  /** Whether it goes. */
  readonly goes: boolean;
}

const columns = (now: number): readonly Column<Explained>[] => [
  { title: 'Build', value: ({ build }) => build },
  { title: 'Ended', value: ({ endedAt }) => `${ageOf(endedAt, now)} ago` },
  {
    title: 'Goes',
    value: ({ goes, keeps }) => (goes ? (keeps === 'none' ? 'snapshots' : 'history') : 'nothing'),
  },
  {
    title: 'Rows',
    value: ({ rows }) => String(Object.values(rows).reduce((sum, count) => sum + count, 0)),
    align: 'right',
  },
  { title: 'Why', value: ({ reason }) => reason, cuttable: true },
];

function reasonOf({ keeps, policy, neededBy }: DueCut): string {
  if (neededBy !== undefined) return `kept: its branch ${neededBy.buildNumber} can still go on`;
  return keeps === 'snapshots'
    ? `all of it is kept for ${policy.fullHistoryDays} days`
    : `snapshots are kept for ${policy.snapshotDays} days more`;
}

/** `bldst store retention` */
export default class StoreRetention extends StoreCommand {
  static override summary =
    'Say which histories of ended builds would go now, how much that is, and why. Nothing goes.';
  static override description =
    'A server lets go of them by itself; "bldst store maintain" does where none runs. Days are those of "bldst project retention", else BLDST_RETENTION_FULL_DAYS and BLDST_RETENTION_SNAPSHOT_DAYS. Builds that can go on are never among them, and artifacts stay in any case.';
  static override args = storeArguments;
  static override examples = [
    { description: 'What would go now?', command: '<%= config.bin %> store retention ./local-store' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(StoreRetention);
    const store = await this.openExisting(await this.address(args.url));
    const now = this.session.now();
    const builds: Explained[] = [];
    for await (const cut of dueCuts({ store, retention: retentionIn(this.session.env) }, now)) {
      const { build, keeps, neededBy } = cut;
      const whole = await store.loadWholeBuild(build.id);
      if (whole === undefined) continue;
      builds.push({
        id: build.id,
        build: `${build.project}:${build.buildNumber}`,
        endedAt: build.endTime ?? build.deletedAt ?? build.updatedAt,
        ...{ keeps, rows: goingRows(whole), reason: reasonOf(cut), goes: neededBy === undefined },
      });
    }
    await this.show({
      body: { builds },
      ids: () => builds.map(({ id }) => id),
      text: (style) =>
        builds.length === 0 ? 'No history has had its time.' : table(style, builds, columns(now)),
    });
  }
}
