import { describe, expect, it } from 'vitest';
import {
  type BuildEvent,
  canonicalJson,
  chainEvents,
  emptyChain,
  eventHash,
  findBreak,
} from '../../src/index.ts';
import { hashing, Simulation } from '../support/simulation.ts';
import { report, rollBack } from '../support/steps.ts';

function history(): BuildEvent[] {
  const build = new Simulation();
  for (const state of [10, 25, 30]) report(build, 'complete', state);
  report(build, 'fail', 35);
  rollBack(build, 10);
  return build.events;
}

const broken = (events: readonly BuildEvent[]) => findBreak(events, hashing)?.seq;

/** A history with one event changed. */
function tampered(seq: number, fields: Partial<BuildEvent>, events = history()): BuildEvent[] {
  return events.map((event) => (event.seq === seq ? { ...event, ...fields } : event));
}

describe('the chain of events', () => {
  it('has the hash that anybody can compute from what is shown', () => {
    const event = {
      buildId: '0192f0c1-0000-7000-8000-000000000001',
      seq: 1,
      type: 'build.created',
      actorId: 'me',
      at: '2026-03-01T12:00:00.000Z',
      data: { project: 'rhel9', build_number: '1' },
      prevHash: '0'.repeat(64),
    } as const;
    const text =
      `{"actor_id":"me","at":"2026-03-01T12:00:00.000Z","build_id":"${event.buildId}",` +
      `"data":{"build_number":"1","project":"rhel9"},"prev_hash":"${event.prevHash}","seq":1,"type":"build.created"}`;
    expect(eventHash(event, hashing)).toBe(hashing.sha256Hex(text));
    // Computed in another language.
    expect(eventHash(event, hashing)).toBe(
      'af4f4cdb918e6d45ca15558be36185b3f0e379ff82cb496b30b90fb59bbd6ed5',
    );
  });

  it('hashes the canonical JSON of all other fields, whatever is in them', () => {
    const event = {
      buildId: 'b',
      seq: 1e21,
      type: 'state.failed',
      actorId: 'ci "nightly"\n\u2028',
      at: '2026-03-01T12:00:00.000Z',
      data: { z: [1, { b: null, a: '\\' }], a: 'é' },
      prevHash: '0'.repeat(64),
    } as const;
    const { buildId, actorId, prevHash, ...same } = event;
    const text = canonicalJson({ ...same, build_id: buildId, actor_id: actorId, prev_hash: prevHash });
    expect(eventHash(event, hashing)).toBe(hashing.sha256Hex(text));
  });

  it('is whole as it is written, from its beginning on, in any number of changes', () => {
    const events = history();
    expect(broken(events)).toBeUndefined();
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(broken([])).toBeUndefined();
    expect(chainEvents('b', emptyChain, [], hashing)).toEqual({ events: [], head: emptyChain });
  });

  it.each<[string, Partial<BuildEvent>]>([
    ['data', { data: { state: 99 } }],
    ['time', { at: '2020-01-01T00:00:00.000Z' }],
    ['actor', { actorId: 'somebody else' }],
    ['type', { type: 'state.skipped' }],
    ['build', { buildId: 'another' }],
  ])('is broken where the %s of an event was changed', (_, fields) => {
    expect(broken(tampered(2, fields))).toBe(2);
  });

  it('is broken where an event was changed and hashed anew', () => {
    const events = history();
    const [, second] = events;
    if (second === undefined) throw new Error('there is no second event');
    const forged = { ...second, actorId: 'somebody else' };
    expect(broken(tampered(2, { ...forged, hash: eventHash(forged, hashing) }, events))).toBe(3);
  });

  it('is broken where an event is missing, doubled or out of order', () => {
    const events = history();
    expect(broken(events.slice(1))).toBe(2);
    expect(broken(events.filter(({ seq }) => seq !== 3))).toBe(4);
    expect(broken(events.flatMap((event) => (event.seq === 3 ? [event, event] : [event])))).toBe(3);
    expect(broken([...events].reverse())).toBe(events.length);
  });

  it('is broken where events of another build were put in', () => {
    const other = history();
    expect(broken([...history().slice(0, 2), ...other.slice(2)])).toBe(3);
  });

  it('is shorter than its head says when its end was cut off', () => {
    const events = history();
    const last = events.at(-1);
    const head = { seq: last?.seq ?? 0, hash: last?.hash ?? '' };
    expect(findBreak(events, hashing, head)).toBeUndefined();
    expect(findBreak(events.slice(0, -2), hashing, head)).toMatchObject({ seq: events.length - 1 });
    expect(findBreak([], hashing, head)).toMatchObject({ seq: 1 });
  });
});
