import type { ClaimRecord } from '@buildstate/client';
import { moment } from '../output/amounts.ts';
import { details } from '../output/table.ts';
import type { View } from '../output/view.ts';

/** Why a build could be claimed, for people. */
export const reasonWords: Readonly<Record<ClaimRecord['reason'], string>> = {
  pending: 'nobody has begun it',
  free: 'nobody works at it',
  retry_due: 'it failed and is due to be tried again',
  abandoned: 'whoever worked at it is gone',
};

/** A build that was claimed; empty where there was none. */
export function claimView(claim: ClaimRecord | undefined): View {
  return {
    body: claim ?? null,
    ids: () => (claim === undefined ? [] : [claim.build.id]),
    variables: () => ({
      BLDST_BUILD_ID: claim?.build.id,
      BLDST_LEASE_TOKEN: claim?.lease.token,
      BLDST_STATE: claim?.nextState,
    }),
    text: (style) =>
      claim === undefined
        ? ''
        : details(style, [
            ['Build', `${claim.build.project}:${claim.build.buildNumber} (${claim.build.id})`],
            ['Next state', `${claim.nextState} - ${claim.nextStateName}`],
            ['Because', reasonWords[claim.reason]],
            ['Token', String(claim.lease.token)],
            ['Expires', moment(claim.lease.expiresAt, style.now)],
          ]),
  };
}
