/** Facts about HTTP transports that hold for every store. */

const transientStatus = new Set([408, 425, 429, 500, 502, 503, 504]);
const transientSystemCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
]);

/** Whether a repetition can help after a reply with this status. */
export function isTransientStatus(status: number | undefined): boolean {
  return status !== undefined && transientStatus.has(status);
}

/** Whether Node's code of a failed connection is one that passes, such as `ECONNRESET`. */
export function isTransientSystemCode(code: string | undefined): boolean {
  if (code === undefined) return false;
  // A reply that is not HTTP comes from a proxy or a connection that was cut: HPE_ is Node's parser, UND_ERR_ fetch's.
  return transientSystemCodes.has(code) || code.startsWith('HPE_') || code.startsWith('UND_ERR_');
}

/**
 * What may be kept of an SDK's error as a cause. SDKs hide the whole exchange in theirs, request headers with tokens
 * included, where a thorough printer finds them; and some messages hold the URL with its signature.
 */
export function withoutExchange(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const secret = /([?&](?:sig|signature|x-goog-signature|x-amz-signature)=)[^&\s"']+/gi;
  const kept = new Error(error.message.replace(secret, '$1…'));
  kept.name = error.name;
  kept.stack = error.stack?.replace(secret, '$1…');
  return kept;
}
