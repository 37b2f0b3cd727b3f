import type { StateReport } from '@buildstate/client';
import { UsageError } from '../errors/usage-error.ts';

/** A JSON object, as requests take it. */
export type JsonObject = NonNullable<StateReport['metadata']>;
/** Any JSON value, as requests take it. */
export type JsonValue = Exclude<StateReport['errorDetails'], undefined>;

/** A JSON value that was given as the value of a flag. @throws UsageError when it is none */
export function jsonValue(flag: string, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new UsageError(`--${flag} must be JSON: ${(cause as Error).message}.`, { cause });
  }
}

/** A JSON object that was given as the value of a flag, if it was. @throws UsageError when it is something else */
export function jsonObject(flag: string, text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  const value = jsonValue(flag, text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError(`--${flag} must be a JSON object, such as '{"key":"value"}'.`);
}
