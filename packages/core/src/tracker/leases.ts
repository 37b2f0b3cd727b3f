import { timestamp } from '../build/timestamp.ts';
import { acquireLease, releaseLease } from '../lease/decide-lease.ts';
import { defaultLeaseSeconds } from '../lease/lease.ts';
import { leaseLost } from '../lease/lease-rules.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { leaseView } from './views.ts';

/** Operations on leases. */
export function leaseHandlers(engine: Engine): Handlers<'acquireLease' | 'renewLease' | 'releaseLease'> {
  return {
    async acquireLease({ params, body }, context) {
      const options = { eventId: body.eventId, operation: 'acquireLease' } as const;
      return engine.once(params.buildId, context, options, (draft) => {
        const lease = acquireLease(draft, {
          holder: body.holder,
          identity: body.identity ?? null,
          ttlSeconds: body.ttlSeconds ?? defaultLeaseSeconds,
          holderGone: body.holderGone ?? null,
        });
        return () => leaseView(draft.build.id, lease);
      });
    },
    async renewLease({ params, body }, context) {
      const { snapshot, now } = await engine.load(params.buildId, context);
      const { build } = snapshot;
      const lease = await engine.parts.store.renewLease(build.id, body.token);
      if (lease === undefined) {
        throw leaseLost(snapshot, body.token, timestamp(now));
      }
      return { body: leaseView(build.id, lease) };
    },
    async releaseLease({ params, query }, context) {
      await engine.change(params.buildId, context, {}, (draft) => releaseLease(draft, query.token));
      return { body: undefined };
    },
  };
}
