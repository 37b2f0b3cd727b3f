import type { ServerReply } from '@buildstate/client';
import { RemoteError } from '@buildstate/core/light';

/** The error for an address at which something answers that is no BuildState server. */
export function notAServer({ address, status }: ServerReply): RemoteError {
  return new RemoteError(
    `${address} answered ${status}, but not as a BuildState server does. Check the address.`,
    'not_a_server',
    'failed',
  );
}
