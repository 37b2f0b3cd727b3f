import { type Actor, checkAgainst, covers, type Scope, scopes, ValidationError } from '@buildstate/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessTokens } from '../auth/access-tokens.ts';
import type { RefuseCaller } from '../auth/failed-attempts.ts';
import type { Users } from '../auth/users.ts';
import type { RouteSchema } from '../openapi/operation-schema.ts';
import { problemResponses } from '../openapi/problem-schema.ts';

/** What logging in is built on. */
export interface TokenParts {
  /** Who can log in. */
  readonly users: Users;
  /** Makes the tokens. */
  readonly accessTokens: AccessTokens;
  /** Counts and refuses failed attempts. */
  readonly refuse: RefuseCaller;
}

/** Largest request for a token, in bytes. */
const bodyBytes = 8192;
const none = z.undefined();

const tokenRequest = z
  .strictObject({
    username: z.string().min(1, 'must not be empty').max(400),
    password: z.string().min(1, 'must not be empty').max(1024),
    grant_type: z.literal('password', { error: 'must be password, or left out' }).optional(),
    scope: z.string().max(200).optional().describe('Fewer scopes than the user has, separated by blanks'),
    client_id: z.string().max(400).optional().describe('Sent by OAuth clients; not looked at'),
    client_secret: z.string().max(1024).optional().describe('Sent by OAuth clients; not looked at'),
  })
  .meta({ id: 'TokenRequest' });
const tokenAnswer = z
  .object({
    access_token: z.string().describe('Send it as `Authorization: Bearer`'),
    token_type: z.literal('bearer'),
    expires_in: z.int().describe('Seconds'),
  })
  .meta({ id: 'AccessToken' });

const schema: RouteSchema = {
  operationId: 'logIn',
  tags: ['Keys'],
  summary: 'Log in with a password',
  description:
    'Answers an access token for a user name and a password: the password form of OAuth 2, as a form or as JSON. Also at `/token`. Failed attempts are limited per address. Programs use API keys instead.',
  security: [],
  consumes: ['application/x-www-form-urlencoded', 'application/json'],
  body: tokenRequest,
  response: {
    200: {
      description: 'The token, good for an hour.',
      content: { 'application/json': { schema: tokenAnswer } },
    },
    ...problemResponses([400, 401, 408, 413, 415, 422, 429, 500]),
  },
};

interface Asked {
  readonly username: string;
  readonly password: string;
  readonly scope?: string;
}

function askedIn(request: FastifyRequest): Asked {
  const empty = z.strictObject({});
  const own = { params: empty, query: empty, body: tokenRequest, answer: none };
  const { params, query, body = {}, ignoredFields } = request;
  return checkAgainst('logIn', own, { params, query, body }, ignoredFields).body as Asked;
}

/** The scopes that are asked for, or all that the user has. @throws ValidationError for what the user has not */
function grantedTo(user: Actor, scope: string | undefined): readonly Scope[] {
  const named = scope?.split(' ').filter((word) => word !== '') ?? [];
  if (named.length === 0) return user.scopes;
  return named.map((word) => {
    const known = scopes.find((one) => one === word);
    if (known !== undefined && covers(user.scopes, known)) return known;
    const message = `must name scopes that the user has: ${user.scopes.join(' ')}`;
    throw new ValidationError(`scope ${message}.`, { problems: [{ path: 'scope', message }] });
  });
}

/** Registers the endpoint where people log in. */
export function registerToken(app: FastifyInstance, { users, accessTokens, refuse }: TokenParts): void {
  const handler = async (request: FastifyRequest) => {
    const { username, password, scope } = askedIn(request);
    if (!users.any) {
      return refuse(
        request,
        'This server has no users that could log in with a password. Send an API key as "X-API-Key: <key>".',
      );
    }
    const user = users.byPassword(username, password);
    if (user === undefined) return refuse(request, 'User name or password is wrong.');
    const { token, expiresIn } = await accessTokens.make(user, grantedTo(user, scope));
    return { access_token: token, token_type: 'bearer', expires_in: expiresIn };
  };
  const options = { config: { scope: null, bodyBytes, form: true }, handler };
  app.post('/auth/token', { ...options, schema });
  app.post('/token', { ...options, schema: { hide: true } });
}
