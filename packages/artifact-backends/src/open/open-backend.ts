import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtifactBackend, Clock } from '@buildstate/core';
import { ConfigurationError } from '@buildstate/core/light';
import type { RetryOptions } from '../decorators/retry-policy.ts';
import { type DeadlineOptions, withDeadline } from '../decorators/with-deadline.ts';
import { type LimitOptions, withLimit } from '../decorators/with-limit.ts';
import { withLog } from '../decorators/with-log.ts';
import { withRetry } from '../decorators/with-retry.ts';
import { type DriverOptions, driverFor } from './registry.ts';

/** What a backend is opened with. */
export interface OpenBackendOptions extends DriverOptions {
  /** How failed calls are repeated; `false` for not at all. */
  readonly retry?: RetryOptions | false;
  /** How long calls may take; `false` for any time. */
  readonly deadline?: DeadlineOptions | false;
  /** How many calls are made at once, and how many bytes are moved per second. @default no limits */
  readonly limit?: LimitOptions;
  /** Measures and waits. @default the system's */
  readonly clock?: Clock;
}

const schemeForm = /^([a-z][a-z0-9+.-]*):/i;

function toUri(place: string): string {
  // A drive letter looks like a scheme of one letter.
  if (isAbsolute(place) || /^[a-z]:[\\/]/i.test(place)) return pathToFileURL(place).href;
  if (schemeForm.test(place)) return place;
  throw new ConfigurationError(
    `"${place}" is neither a URI nor an absolute path. Write file:///… or s3://bucket/….`,
  );
}

/**
 * Opens the artifact backend that a URI or an absolute path names, with deadlines and retries around it, and a
 * log when a logger is given. Drivers and their SDKs are loaded when they are first needed.
 * @throws ConfigurationError for unknown schemes, unknown shares and missing SDKs
 */
export async function openBackend(place: string, options: OpenBackendOptions = {}): Promise<ArtifactBackend> {
  const { retry, deadline, limit, clock, logger } = options;
  const uri = toUri(place);
  const scheme = schemeForm.exec(uri)?.[1]?.toLowerCase() ?? '';
  let backend = await driverFor(scheme)(uri, options);
  if (deadline !== false) backend = withDeadline(backend, { clock, ...deadline });
  if (limit !== undefined) backend = withLimit(backend, { clock, ...limit });
  if (retry !== false) backend = withRetry(backend, { clock, logger, ...retry });
  return logger === undefined ? backend : withLog(backend, { logger, clock });
}
