import { z } from 'zod';
import { firstState, isStateCode, lastState } from '../../build/state-code.ts';
import { claimReasons } from '../../lease/decide-claim.ts';
import { name, state, uuid } from '../text.ts';
import { buildDetailsAnswer, leaseAnswer } from './builds.ts';
import { holderIdentity, leaseSeconds } from './reports.ts';

/** Longest that a claim waits for a build, in seconds. */
export const longestWaitSeconds = 30;

const range = /^(\d{1,3})-(\d{1,3})$/;
const rangeMessage = `must be a state code, or a range of them such as "35-70", from ${firstState} to ${lastState}`;

/** A code, or the first and the last of several. */
const stateOrRange = z.union([
  state.transform((code) => [code]),
  z.string().transform((text, context) => {
    const [, first, last = first] = range.exec(text) ?? [undefined, /^\d{1,3}$/.exec(text)?.[0]];
    const [from, to] = [Number(first), Number(last)];
    if (!isStateCode(from) || !isStateCode(to) || from > to) {
      context.addIssue({ code: 'custom', message: rangeMessage });
      return z.NEVER;
    }
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  }),
]);

/** Codes, and ranges of them. */
const stateCodes = z
  .array(stateOrRange)
  .min(1)
  .max(101)
  .transform((codes) => codes.flat());

/** `POST /builds/claim`. */
export const claimBody = z.strictObject({
  project: name().optional().describe('Id or name of the project (default: any that the key may see)'),
  platform: name().optional().describe('Id or name of the platform (default: any)'),
  states: stateCodes
    .optional()
    .describe(
      'State codes, and ranges such as `"35-70"`, of which one must be the next that the build would do (default: any)',
    ),
  joining: stateCodes
    .optional()
    .describe(
      'States that the caller leaves to branches: a build that branches hold is not given when it would do one of these next (default: only those from the join on)',
    ),
  holder: name(400).describe('Who claims, in words: the CI job, else user@host'),
  identity: holderIdentity.optional().describe('Which process'),
  ttl_seconds: leaseSeconds.optional().describe('Life of the lease without renewal (default 60)'),
  wait_seconds: z
    .number()
    .min(0)
    .max(longestWaitSeconds)
    .optional()
    .describe(`How long to wait for a build when there is none (default 0, at most ${longestWaitSeconds})`),
  holders_gone: z
    .array(z.strictObject({ build_id: uuid, token: z.int().min(1) }))
    .max(100)
    .optional()
    .describe(
      'Leases of processes that the caller has seen to be gone, on the same machine: their builds are taken over at once',
    ),
});

/** What was claimed; nothing (204) where there is nothing to do. */
export const claimAnswer = z
  .object({
    build: buildDetailsAnswer,
    lease: leaseAnswer,
    next_state: z.int().describe('The state that the build would do next'),
    next_state_name: z.string(),
    reason: z
      .enum(claimReasons)
      .describe(
        'Why it could be claimed: nobody began it, a state was completed and nobody does the next, a failed state is due again, or whoever began a state is gone',
      ),
  })
  .meta({ id: 'Claim' })
  .optional();
