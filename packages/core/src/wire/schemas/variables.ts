import { z } from 'zod';
import { variableTypes } from '../../variable/variable.ts';
import { jsonValue } from '../json.ts';
import { name, state } from '../text.ts';
import { buildReference, flag, leaseToken, shortPage, time } from './common.ts';

const key = name(255).regex(
  /^[A-Za-z_][A-Za-z0-9_.-]*$/,
  'must begin with a letter or underscore and have letters, digits, dots, hyphens and underscores only',
);

const settable = {
  variable_type: z.enum(variableTypes).optional(),
  set_at_state: state.nullable().optional(),
  is_sensitive: z.boolean().optional().describe('Sealed at rest; never listed, logged or put in events'),
  is_required_for_resume: z.boolean().optional(),
  lease_token: leaseToken,
};

/** `POST /builds/{id}/variables`. */
export const setVariableBody = z.strictObject({
  variable_key: key,
  variable_value: jsonValue().describe('A text; any JSON with `variable_type` json'),
  ...settable,
});
/** `PATCH /builds/{id}/variables/{variable_key}`. */
export const updateVariableBody = z.strictObject({
  variable_value: jsonValue().optional(),
  ...settable,
});
/** A variable in a path. */
export const variableParams = z.strictObject({ build_id: buildReference, variable_key: key });
/** `GET /builds/{id}/variables`. */
export const listVariablesQuery = z.strictObject({ ...shortPage, required_for_resume: flag.optional() });

/** A variable as it is answered. Of a sensitive one the value is there only when it was asked for by key. */
export const variableAnswer = z
  .object({
    id: z.string(),
    build_id: z.string(),
    variable_key: z.string(),
    variable_value: z.string().optional(),
    variable_type: z.enum(variableTypes),
    set_at_state: z.int().nullable(),
    is_sensitive: z.boolean(),
    is_required_for_resume: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Variable' });
