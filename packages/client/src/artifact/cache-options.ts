import { join } from 'node:path';
import type { Logger } from '@buildstate/core';
import { ConfigurationError } from '@buildstate/core/light';
import { type Environment, userCacheFolder } from '@buildstate/node-runtime';
import type { ArtifactCacheOptions } from '@buildstate/transfer';

const factors: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** `20GiB`, `500M`, `1000000`: powers of 1024. */
function bytesOf(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?|b)?$/i.exec(text) ?? [];
  return amount === undefined ? undefined : Math.floor(Number(amount) * (factors[unit.toLowerCase()] ?? 1));
}

/**
 * What the environment says about the cache of artifacts: `BLDST_CACHE_SIZE` turns it on, `BLDST_CACHE_DIR` moves it.
 * @throws ConfigurationError that names the variable
 */
export function cacheOptions(env: Environment, logger: Logger): ArtifactCacheOptions | undefined {
  const size = env.BLDST_CACHE_SIZE?.trim();
  if (!size) return undefined;
  const maxBytes = bytesOf(size);
  if (maxBytes === undefined) {
    throw new ConfigurationError('BLDST_CACHE_SIZE must be a size such as 20GiB, or 0 for no cache.');
  }
  if (maxBytes === 0) return undefined;
  const folder = env.BLDST_CACHE_DIR?.trim() || join(userCacheFolder(env), 'artifacts');
  const onProblem = (problem: unknown) => {
    const reason = problem instanceof Error ? problem.message : String(problem);
    logger.warn({ folder, reason }, 'The cache of artifacts could not be used.');
  };
  return { folder, maxBytes, onProblem };
}
