import type { LeaseRecord } from '@buildstate/client';
import { moment } from '../output/amounts.ts';
import { details } from '../output/table.ts';
import type { View } from '../output/view.ts';

/** A lease: who may advance a build, and until when. */
export function leaseView(lease: LeaseRecord): View {
  return {
    body: lease,
    ids: () => [String(lease.token)],
    variables: () => ({ BLDST_BUILD_ID: lease.buildId, BLDST_LEASE_TOKEN: lease.token }),
    text: (style) =>
      details(style, [
        ['Build', lease.buildId],
        ['Token', String(lease.token)],
        ['Holder', lease.holder],
        ['Time to live', `${lease.ttlSeconds}s`],
        ['Expires', moment(lease.expiresAt, style.now)],
      ]),
  };
}
