import { UnauthenticatedError } from '@buildstate/core';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Limits } from '../app/limits.ts';
import { HttpError } from '../errors/http-error.ts';

const windowMs = 60_000;

/** Refuses a request for what it says of who sent it, and counts that against its address. */
export type RefuseCaller = (request: FastifyRequest, sentence: string) => Promise<never>;

/**
 * Failures to say who one is are counted per address (per /64 of IPv6), and past a number per minute answered with 429; a
 * good key always passes, so that nobody can lock out others behind the same address.
 */
export async function limitFailedAttempts(
  app: FastifyInstance,
  { rememberedAddresses, failedAuthPerMinute }: Limits,
): Promise<RefuseCaller> {
  await app.register(rateLimit, { global: false, cache: rememberedAddresses });
  const countFailure = app.createRateLimit({ max: failedAuthPerMinute, timeWindow: windowMs });
  return async (request, sentence) => {
    const count = await countFailure(request);
    if (!count.isAllowed && count.isExceeded) {
      throw new HttpError(
        'rate_limited',
        'Too many requests with bad keys or passwords came from this address. Wait.',
        { headers: { 'retry-after': String(Math.max(1, count.ttlInSeconds)) } },
      );
    }
    throw new UnauthenticatedError(sentence);
  };
}
