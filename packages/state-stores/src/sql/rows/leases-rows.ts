import type { Lease } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** A lease with the build that it is for. */
export interface StoredLease extends Lease {
  /** UUID of the build. */
  readonly buildId: string;
}

/** The newest lease of each build in `leases`. Apart from the build, because renewals do not touch the version. */
export const leases = recordTable<StoredLease>('leases', {
  buildId: 'text',
  holder: 'text',
  identity: 'structure',
  token: 'integer',
  ttlSeconds: 'real',
  acquiredAt: 'time',
  renewals: 'integer',
  expiresAt: 'time',
  releasedAt: 'time',
});

/** The lease without the build. */
export function leaseOf({ buildId: _, ...lease }: StoredLease): Lease {
  return lease;
}
