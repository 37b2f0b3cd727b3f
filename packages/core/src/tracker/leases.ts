import { LeaseLostError } from '../errors/lease-lost-error.ts';
import { acquireLease, releaseLease } from '../lease/decide-lease.ts';
import { defaultLeaseSeconds } from '../lease/lease.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { leaseView } from './views.ts';

/** Operations on leases. */
export function leaseHandlers(engine: Engine): Handlers<'acquireLease' | 'renewLease' | 'releaseLease'> {
  return {
    async acquireLease({ params, body }, context) {
      const { eventId = engine.uuid() } = body;
      const options = { eventId, operation: 'acquireLease' } as const;
      const answer = await engine.once(params.buildId, context, options, (draft) => {
        const lease = acquireLease(draft, {
          holder: body.holder,
          identity: body.identity ?? null,
          ttlSeconds: body.ttlSeconds ?? defaultLeaseSeconds,
          holderGone: body.holderGone ?? null,
        });
        return () => leaseView(draft.build.id, lease);
      });
      return { body: answer };
    },
    async renewLease({ params, body }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      const { build } = snapshot;
      const lease = await engine.parts.store.renewLease(build.id, body.token);
      if (lease === undefined) {
        throw new LeaseLostError(
          `The lease ${body.token} on build ${build.project}:${build.buildNumber} is no longer good. ` +
            'Stop the work: nothing more of it is recorded.',
          { context: { lease_token: body.token } },
        );
      }
      return { body: leaseView(build.id, lease) };
    },
    async releaseLease({ params, query }, context) {
      await engine.change(params.buildId, context, {}, (draft) => releaseLease(draft, query.token));
      return { body: undefined };
    },
  };
}
