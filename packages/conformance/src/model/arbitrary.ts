import fc from 'fast-check';
import type { ModelBuild } from './build.ts';
import type { ModelCommand } from './command.ts';

/** Which of the tokens that there are: the newest, one before it, or none. */
type TokenChoice = 'newest' | 'stale' | 'none';

/** A command before it is known which tokens and ids there are. */
export type ModelWish = (
  build: ModelBuild,
  eventIds: readonly string[],
) => ModelCommand | { readonly do: 'wait'; readonly seconds: number };

const states = [0, 5, 10, 25, 30, 35, 70, 95, 100];
/** Progress in small steps, so that builds are not at their end at once. */
const state = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...states.slice(0, 6)) },
  { weight: 2, arbitrary: fc.constantFrom(...states) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 100 }) },
);
/** A state in relation to where the build is, which is what most reports are about. */
const nearState = fc
  .tuple(state, fc.constantFrom('any', 'current', 'failed', 'next'))
  .map(([any, which]) => ({ current, failed }: ModelBuild) => {
    if (which === 'current') return current;
    if (which === 'failed') return failed ?? any;
    if (which === 'next') return states.find((one) => one > current) ?? any;
    return any;
  });
const token: fc.Arbitrary<TokenChoice> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('newest' as const) },
  { weight: 3, arbitrary: fc.constant('none' as const) },
  { weight: 1, arbitrary: fc.constant('stale' as const) },
);
const by = fc.constantFrom('a', 'b', 'c');
/** Most reports have an id of their own, as those of the client; some share one. */
const eventId = fc.option(fc.nat(5), { freq: 3 });

const tokenIn = (choice: TokenChoice, { lease }: ModelBuild): number | null => {
  if (choice === 'none' || lease === null) return null;
  if (choice === 'stale') return lease.token > 1 ? lease.token - 1 : lease.token + 1;
  return lease.over ? null : lease.token;
};

const idIn = (pick: number | null, eventIds: readonly string[]): string | null =>
  pick === null ? null : (eventIds[pick % eventIds.length] ?? null);

const report: fc.Arbitrary<ModelWish> = fc
  .record({
    kind: fc.constantFrom('start', 'start', 'complete', 'complete', 'fail', 'skip'),
    state: nearState,
    by,
    token,
    takeover: fc.boolean(),
    artifact: fc.constantFrom(null, null, 's3://images/one', 's3://images/two'),
    retryable: fc.boolean(),
    eventId,
  })
  .map((wish) => (build, eventIds) => ({
    ...wish,
    do: 'report',
    state: wish.state(build),
    artifact: wish.kind === 'complete' ? wish.artifact : null,
    token: tokenIn(wish.token, build),
    eventId: wish.eventId === null ? null : idIn(wish.eventId, eventIds),
  }));

const byHand: fc.Arbitrary<ModelWish> = fc
  .record({ what: fc.constantFrom('retry', 'retry', 'rollback'), target: fc.option(state), token, eventId })
  .map(({ what, target, token: choice, eventId: pick }) => (build, eventIds) => {
    const given = { token: tokenIn(choice, build), eventId: idIn(pick, eventIds) };
    // Ids are of one kind of report: see the wishes of other kinds.
    return what === 'retry'
      ? { do: 'retry', ...given, eventId: null }
      : { do: 'rollback', target, ...given, eventId: null };
  });

const cancel: fc.Arbitrary<ModelWish> = fc.constant(() => ({ do: 'cancel', eventId: null }));

/** Where time goes by itself, leases last: what runs out is not for the model to know. */
const acquire = (time: boolean): fc.Arbitrary<ModelWish> =>
  fc
    .record({ by, ttlSeconds: time ? fc.constantFrom(1, 60, 600) : fc.constant(86_400), takes: fc.boolean() })
    .map(({ takes, ...wish }) => ({ lease }) => ({
      ...wish,
      do: 'acquire',
      gone: takes ? (lease?.token ?? null) : null,
      eventId: null,
    }));

const release: fc.Arbitrary<ModelWish> = token.map((choice) => (build) => ({
  do: 'release',
  token: tokenIn(choice, build) ?? 1,
}));

const wait: fc.Arbitrary<ModelWish> = fc
  .constantFrom(1, 30, 61, 700)
  .map((seconds) => () => ({ do: 'wait', seconds }));

/** How wishes are made. */
export interface WishOptions {
  /** Whether time passes by commands as well. */
  readonly time: boolean;
}

/** A random command for a build, decided on where it is; it does not end the build. */
export function modelWish({ time }: WishOptions): fc.Arbitrary<ModelWish> {
  return fc.oneof(
    { weight: 24, arbitrary: report },
    { weight: 3, arbitrary: byHand },
    { weight: 4, arbitrary: acquire(time) },
    { weight: 2, arbitrary: release },
    { weight: time ? 2 : 0, arbitrary: wait },
    { weight: 2, arbitrary: fc.constant(() => ({ do: 'look' as const })) },
  );
}

/** Random commands for one build. */
export function modelWishes(options: WishOptions): fc.Arbitrary<ModelWish[]> {
  // At most one cancel, near the end of a run as a rule: nothing happens to a cancelled build any more.
  return fc
    .tuple(fc.array(modelWish(options), { maxLength: 60, size: 'max' }), fc.option(cancel, { freq: 3 }))
    .map(([wishes, last]) => (last === null ? wishes : [...wishes, last, ...wishes.slice(0, 3)]));
}
