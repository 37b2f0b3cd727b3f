import { type BuildStateError, UnreachableError } from '@buildstate/core/light';
import { TryTimedOut } from './try-limit.ts';

/** What a network fault came to. */
export interface Fault {
  /** What to throw. */
  readonly error: BuildStateError;
  /** Whether another try can help. */
  readonly transient: boolean;
}

interface Explanation {
  readonly reason: string;
  readonly hint: string;
  readonly transient: boolean;
}

const checkAddress = 'Check the address and that the server runs there (start one with: bldst serve).';
const checkNetwork = 'Check the network, the firewall and the proxy settings.';

/** By the codes of libuv, OpenSSL and undici. */
const explanations: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: { reason: 'nothing listens there', hint: checkAddress, transient: true },
  ECONNRESET: { reason: 'the connection was cut', hint: checkNetwork, transient: true },
  EPIPE: { reason: 'the connection was cut', hint: checkNetwork, transient: true },
  UND_ERR_SOCKET: { reason: 'the connection was cut', hint: checkNetwork, transient: true },
  ECONNABORTED: { reason: 'the connection was cut', hint: checkNetwork, transient: true },
  ETIMEDOUT: { reason: 'nobody answered in time', hint: checkNetwork, transient: true },
  UND_ERR_CONNECT_TIMEOUT: { reason: 'nobody answered in time', hint: checkNetwork, transient: true },
  UND_ERR_HEADERS_TIMEOUT: { reason: 'nobody answered in time', hint: checkNetwork, transient: true },
  UND_ERR_BODY_TIMEOUT: { reason: 'the answer stopped half-way', hint: checkNetwork, transient: true },
  EHOSTUNREACH: { reason: 'there is no way to that host', hint: checkNetwork, transient: true },
  ENETUNREACH: { reason: 'there is no way to that network', hint: checkNetwork, transient: true },
  ENETDOWN: { reason: 'the network is down', hint: checkNetwork, transient: true },
  EAI_AGAIN: { reason: 'the name service does not answer', hint: checkNetwork, transient: true },
  ENOTFOUND: { reason: 'the name service does not know that host', hint: checkAddress, transient: false },
  EPROTO: {
    reason: 'no TLS is spoken there',
    hint: 'Check whether the address begins with http:// or https://.',
    transient: false,
  },
};

const certificate: Explanation = {
  reason: 'its certificate is not accepted',
  hint: 'Name the file of its certification authority in NODE_EXTRA_CA_CERTS.',
  transient: false,
};
const tlsFault = /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/;
const wrongVersion = /^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH|HTTP_REQUEST)/;

/** The system's code in a chain of causes, and the error that has it. */
function rootOf(error: unknown): { readonly code?: string; readonly error: unknown } {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string') return { code: current.code, error: current };
    if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0];
    else if (current.cause === undefined) break;
    else current = current.cause;
  }
  return { error: current };
}

function explain(code: string | undefined, error: unknown): Explanation {
  const known = explanations[code ?? ''];
  if (known !== undefined) return known;
  if (code !== undefined && wrongVersion.test(code)) return explanations.EPROTO as Explanation;
  if (code !== undefined && tlsFault.test(code)) return certificate;
  const reason = error instanceof Error ? error.message.slice(0, 200) : 'the request failed';
  return { reason, hint: checkNetwork, transient: false };
}

const uncertain = ' Whether it took effect is not known; look before you repeat it.';

/**
 * Makes an error that names the address, the reason and the next thing to try. Only the system's own error is
 * kept as its cause: what libraries wrap around it may hold the request with its headers.
 * @param uri the address, without credentials
 * @param repeatable whether the caller may simply do it again
 */
export function networkFault(uri: string, thrown: unknown, repeatable: boolean): Fault {
  const timedOut = thrown instanceof TryTimedOut;
  const { code, error } = timedOut ? { code: 'ETIMEDOUT', error: thrown } : rootOf(thrown);
  const { reason, hint, transient } = timedOut
    ? { reason: thrown.message, hint: checkNetwork, transient: true }
    : explain(code, error);
  const sent = code !== 'ECONNREFUSED' && code !== 'ENOTFOUND' && transient;
  const named = timedOut || code === undefined ? '' : ` (${code})`;
  return {
    transient,
    error: new UnreachableError(
      `${uri} cannot be reached: ${reason}${named}. ${hint}${sent && !repeatable ? uncertain : ''}`,
      { cause: error, context: { uri, ...(code !== undefined && { system_code: code }) } },
    ),
  };
}
