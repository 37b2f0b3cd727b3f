import { z } from 'zod';
import { attentionReasons } from '../../estimate/attention.ts';
import { etaBases } from '../../estimate/eta.ts';
import { stallReasons } from '../../estimate/stall.ts';
import { time } from './common.ts';

const seconds = z.number().min(0);

const summary = {
  basis: z
    .enum(etaBases)
    .describe(
      "`measured`: completed attempts of the project; `expected`: the catalogue's `expected_duration_seconds`; `mixed`: both",
    ),
  p50_seconds: seconds.describe('Seconds left: the sum of the medians of the states to come'),
  p90_seconds: seconds.describe('Seconds left if everything is slow: the sum of the 90th percentiles'),
  finish_at: time
    .nullable()
    .describe('When it is done by the medians; null while it stands still or something is unknown'),
  latest_finish_at: time.nullable().describe('The same by the 90th percentiles'),
  unknown_states: z
    .array(z.int())
    .describe('States to come of which nothing is known, so that the sums leave them out'),
};

/** What is left of a build, in lists. */
export const etaSummaryAnswer = z.object(summary).meta({ id: 'EtaSummary' });

/** What is left of a build, state by state. */
export const etaAnswer = z
  .object({
    ...summary,
    states: z
      .array(
        z.object({
          state: z.int(),
          state_name: z.string(),
          basis: z.enum(['measured', 'expected']).nullable().describe('null: nothing is known of it'),
          samples: z.int().min(0).describe('Completed attempts that were looked at, at most 200'),
          elapsed_seconds: seconds.nullable().describe('Since its attempt began, of the one that is open'),
          p50_seconds: seconds
            .nullable()
            .describe('Seconds left, by the median of attempts that took longer'),
          p90_seconds: seconds.nullable().describe('Seconds left, by the 90th percentile of these'),
        }),
      )
      .describe('Every state to come, ascending'),
  })
  .meta({ id: 'Eta' });

/** An open attempt that should be over. */
export const stallAnswer = z
  .object({
    attempt_id: z.string(),
    state: z.int(),
    reason: z
      .enum(stallReasons)
      .describe(
        '`slow`: longer than the larger of three times the 90th percentile and the expected duration; `silent`: its lease has expired',
      ),
    since: time.describe('Since when it is stalled'),
    elapsed_seconds: seconds.nullable().describe('Since the attempt began'),
    limit_seconds: seconds.nullable().describe('What it may take'),
  })
  .meta({ id: 'Stall' });

/** Something about a build that somebody should look at. */
export const attentionAnswer = z
  .object({
    reason: z
      .enum(attentionReasons)
      .describe(
        '`stalled`: a state takes far too long; `lease_expired`: whoever worked at it has gone silent; `retries_exhausted`: it failed as often as it may; `failed`: it is not tried again by itself; `report_rejected`: a late report was refused',
      ),
    state: z.int().nullable(),
    since: time.nullable(),
  })
  .meta({ id: 'Attention' });
