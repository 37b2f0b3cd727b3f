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
