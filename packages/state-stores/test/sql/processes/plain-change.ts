import { hash, randomUUID } from 'node:crypto';
import type { Attempt, BuildChange, BuildEvent, BuildHead } from '@buildstate/core';

/** The event that follows a head, in its chain. */
function nextEvent({ build, chain }: BuildHead): BuildEvent {
  const seq = chain.seq + 1;
  return {
    buildId: build.id,
    seq,
    type: 'build.updated',
    actorId: 'tester',
    at: build.updatedAt,
    data: {},
    prevHash: chain.hash,
    hash: hash('sha256', `${chain.hash}:${seq}`),
    signature: null,
  };
}

/**
 * The next change of a build: one attempt, one event. Made here and not by the builders of the conformance suite,
 * because loading those takes longer than all that such a process does.
 */
export function plainChange(head: BuildHead, attempt: Attempt): BuildChange {
  const event = nextEvent(head);
  return {
    expected: { version: head.build.version },
    head: {
      ...head,
      build: { ...head.build, version: head.build.version + 1 },
      chain: { seq: event.seq, hash: event.hash },
    },
    leaseChanged: false,
    states: [],
    attempts: [{ ...attempt, id: randomUUID(), buildId: head.build.id }],
    artifacts: [],
    variables: [],
    resumeRequests: [],
    jobs: [],
    events: [event],
  };
}

/** The same creation under another id and number. */
export function plainCreation(template: BuildChange, id: string, buildNumber: string): BuildChange {
  const build = { ...template.head.build, id, buildNumber };
  const events = template.events.map((event) => ({ ...event, buildId: id }));
  return { ...template, head: { ...template.head, build }, events };
}
