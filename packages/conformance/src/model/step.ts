import {
  type ModelAnswer,
  type ModelBuild,
  type ModelRules,
  openAttempt,
  placeOf,
  Refusal,
  type Stepped,
} from './build.ts';
import { cancel, retry, rollback } from './by-hand.ts';
import type { ModelCommand } from './command.ts';
import { acquire, claim, isHeld, release } from './lease.ts';
import { report } from './report.ts';

function look(build: ModelBuild, now: number): ModelAnswer {
  const open = openAttempt(build);
  const held = isHeld(build, now);
  // What was begun under a lease that has run out is seen as abandoned before anybody writes that down.
  const seen = open !== undefined && (open.token === null || held) ? `${open.state}#${open.number}` : null;
  return {
    ...placeOf(build),
    open: seen,
    lease: held ? (build.lease?.token ?? null) : null,
    retryPlanned: build.retryPlanned,
  };
}

function history(build: ModelBuild, now: number): ModelAnswer {
  const held = isHeld(build, now);
  const lines = build.attempts.map(({ state, number, status, token }) => {
    const seen = status === 'in_progress' && token !== null && !held ? 'abandoned' : status;
    return `${state}#${number ?? '-'} ${seen}`;
  });
  return { lines };
}

function perform(build: ModelBuild, command: ModelCommand, rules: ModelRules, now: number): Stepped {
  switch (command.do) {
    case 'report':
      return report(build, command, rules, now);
    case 'retry':
      return retry(build, command, now);
    case 'rollback':
      return rollback(build, command, now);
    case 'cancel':
      return cancel(build);
    case 'acquire':
      return acquire(build, command, now);
    case 'claim':
      return claim(build, command, now);
    case 'release':
      return release(build, command.token);
    case 'look':
      return { build, answer: look(build, now) };
    case 'history':
      return { build, answer: history(build, now) };
  }
}

/**
 * One command, by the rules of the domain alone. A refused command changes nothing; a report whose id is known
 * answers what it answered first.
 * @param now milliseconds, which only the expiry of leases looks at
 */
export function step(build: ModelBuild, command: ModelCommand, rules: ModelRules, now = 0): Stepped {
  const eventId = 'eventId' in command ? command.eventId : null;
  const known = eventId === null ? undefined : build.answers[eventId];
  if (known !== undefined) return { build, answer: known };
  try {
    const stepped = perform(build, command, rules, now);
    if (eventId === null) return stepped;
    const answers = { ...stepped.build.answers, [eventId]: stepped.answer };
    return { ...stepped, build: { ...stepped.build, answers } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { build, answer: { refused: error.code } };
  }
}
