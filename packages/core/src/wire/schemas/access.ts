import { z } from 'zod';
import { scopes } from '../../access/api-token.ts';
import { instant, name, uuid } from '../text.ts';
import { time } from './common.ts';

/** A user in a path; `me` is the caller. */
export const userParams = z.strictObject({ user_id: name() });
/** A key in a path. */
export const tokenParams = z.strictObject({ user_id: name(), token_id: name(64) });
/** `POST /users/{user_id}/tokens`. */
export const createTokenBody = z.strictObject({
  name: name(100),
  scopes: z.array(z.enum(scopes)).max(3).describe("Never wider than the caller's own"),
  project_id: uuid.nullable().optional().describe('The only project that the key is good for'),
  expires_at: instant.nullable().optional(),
});
/** A key as it is answered; never with its secret. */
export const tokenAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(scopes)),
    project_id: z.string().nullable(),
    created_by: z.string().nullable(),
    created_at: time,
    expires_at: time.nullable(),
    last_used_at: time.nullable(),
    revoked_at: time.nullable(),
  })
  .meta({ id: 'ApiToken' });
/** A new key: the one time that it is shown. */
export const createdTokenAnswer = tokenAnswer.extend({ key: z.string() }).meta({ id: 'CreatedApiToken' });
/** Who the key belongs to. */
export const callerAnswer = z
  .object({ id: z.string(), scopes: z.array(z.enum(scopes)), project_id: z.string().nullable() })
  .meta({ id: 'Caller' });

/** `POST /users/{user_id}/erase`. */
export const eraseUserBody = z.strictObject({
  name: name()
    .optional()
    .describe('Whose name is erased, where the path says `-`: so it is in no log of requests'),
  dry_run: z
    .boolean()
    .optional()
    .describe('Change nothing, and say what would be done and where texts hold the name'),
  search: z
    .boolean()
    .optional()
    .describe('Say where texts hold the name; reads the whole store. Default: with `dry_run`'),
});
/** What was erased. */
export const erasureAnswer = z
  .object({
    dry_run: z.boolean(),
    users: z
      .array(z.string())
      .describe('Who was erased, as they are shown from now on; none: nobody has the name'),
    keys: z.array(z.string()).describe('Ids of the keys that were revoked'),
    mentions: z
      .array(z.object({ record: z.string(), field: z.string() }))
      .nullable()
      .describe('Texts that hold the name, the first 200; `null`: nobody looked'),
    mention_count: z.int().nullable().describe('How many there are'),
  })
  .meta({ id: 'Erasure' });
