import { hostname } from 'node:os';
import {
  type Duty,
  type DutyResult,
  type DutyWork,
  performDuty,
  retentionIn,
  silentLogger,
  storeDuties,
} from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';
import * as Flags from '@oclif/core/flags';
import { StoreCommand, storeArguments } from '../../base/store-command.ts';
import { ringOfStore } from '../../connect/ring-of-store.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { moment } from '../../output/amounts.ts';
import { type Column, table } from '../../output/table.ts';

/** A duty, and what this run did about it. */
interface Turn {
  readonly name: string;
  readonly purpose: string;
  /** What came of it now; `null` where it was only looked at. */
  readonly result: DutyResult['outcome'] | null;
  /** As the store keeps it; `null` while it was never done. */
  readonly duty: Duty | null;
}

const isHeld = ({ heldUntil }: Duty, now: number) => heldUntil !== null && Date.parse(heldUntil) > now;

function state({ duty }: Turn, now: number): string {
  if (duty === null) return 'due';
  if (isHeld(duty, now)) return `done by ${duty.holder}`;
  return duty.dueAt === null || Date.parse(duty.dueAt) <= now ? 'due' : (moment(duty.dueAt, now) ?? '');
}

const columns = (now: number): readonly Column<Turn>[] => [
  { title: 'Duty', value: ({ name }) => name },
  { title: 'Now', value: ({ result }) => result },
  { title: 'Next', value: (turn) => state(turn, now), cuttable: true },
  { title: 'Last ended', value: ({ duty }) => moment(duty?.endedAt, now), cuttable: true },
  { title: 'What came of it', value: ({ duty }) => duty?.detail, cuttable: true },
];

/** `bldst store maintain` */
export default class StoreMaintain extends StoreCommand {
  static override summary =
    'Do once what a store needs done in the background, for cron where no server runs.';
  static override description = [
    'Servers do the same by themselves. Only what is due is done, and one process at a time does it, whether that is a server or this command: it may run as often as you like, on as many machines as you like. What another one is at is left to it.',
    'Exit code 1 when something failed; it is tried again by the next run after a pause.',
  ].join('\n');
  static override args = storeArguments;
  static override flags = {
    only: Flags.string({
      summary: 'Do this duty alone. May be given more than once.',
      helpValue: 'DUTY',
      multiple: true,
      multipleNonGreedy: true,
    }),
    early: Flags.boolean({ summary: 'Do also what is not due yet.' }),
    'dry-run': Flags.boolean({
      summary: 'Only say what there is to do, who is at it, and how it ended last.',
    }),
  };
  static override examples = [
    { description: 'Every hour, from cron', command: '<%= config.bin %> store maintain ./local-store' },
    {
      description: 'What is due, and how did it go?',
      command: '<%= config.bin %> store maintain ./local-store --dry-run',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreMaintain);
    const address = await this.address(args.url);
    const store = await this.openExisting(address);
    const keys = await loadKeyRing((await ringOfStore(address, this.session.env)) ?? {});
    const works = chosen(
      storeDuties({
        ...{ store, clock: systemClock, ids: createIds() },
        crypto: createNodeCrypto(keys),
        retention: retentionIn(this.session.env),
      }),
      flags.only,
    );
    const parts = { store, clock: systemClock, logger: silentLogger, random: Math.random };
    const holder = `${hostname()}/${process.pid}/${createIds().uuid()}`;
    const { signal } = new AbortController();
    const results = new Map<string, DutyResult>();
    if (!flags['dry-run']) {
      for (const work of works)
        results.set(work.name, await performDuty(work, parts, { holder, signal, early: flags.early }));
    }
    if ([...results.values()].some(({ outcome }) => outcome === 'failed')) this.exitCode = 1;
    const kept = await store.listDuties();
    const duties = works.map(
      ({ name, purpose }): Turn => ({
        ...{ name, purpose },
        result: results.get(name)?.outcome ?? null,
        duty: kept.find((duty) => duty.name === name) ?? null,
      }),
    );
    await this.show({
      body: { duties },
      text: (style) => table(style, duties, columns(style.now)),
    });
  }
}

/** The duties that are named, or all. @throws UsageError for a name that there is not */
function chosen(works: readonly DutyWork[], names: readonly string[] | undefined): readonly DutyWork[] {
  const unknown = names?.find((name) => !works.some((work) => work.name === name));
  if (unknown === undefined) return works.filter(({ name }) => names?.includes(name) ?? true);
  const known = works.map(({ name }) => name).join(', ');
  throw new UsageError(`There is no duty "${unknown}". There are: ${known}.`, {
    hint: 'bldst store maintain --dry-run',
  });
}
