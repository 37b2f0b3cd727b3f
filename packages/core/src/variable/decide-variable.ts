import type { JsonValue } from '../build/build.ts';
import type { BuildDraft } from '../build/draft.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { checkToken } from '../lease/lease-rules.ts';
import type { KeyRing } from '../ports/crypto.ts';
import { type Variable, type VariableType, variableContext } from './variable.ts';

/** What is set. What is left out stays as it was, or takes its default. */
export interface VariableWish {
  /** The key. */
  readonly variableKey: string;
  /** A text, or any JSON. `undefined`: the value stays. */
  readonly variableValue: JsonValue | undefined;
  /** What the value is. */
  readonly variableType: VariableType | undefined;
  /** The state at which it is set. */
  readonly setAtState: number | null | undefined;
  /** Whether it is sealed. */
  readonly isSensitive: boolean | undefined;
  /** Whether a resume needs it. */
  readonly isRequiredForResume: boolean | undefined;
  /** Fencing token of the setting worker. */
  readonly leaseToken: number | null;
}

/** Longest value in bytes of UTF-8. */
const maxValueBytes = 65_536;

function textOf(wish: VariableWish, type: VariableType): string | undefined {
  const value = wish.variableValue;
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (new TextEncoder().encode(text).length > maxValueBytes) {
    throw invalid(`must be at most ${maxValueBytes} bytes of UTF-8`);
  }
  if (typeof value !== 'string' && type !== 'json') {
    throw invalid('must be a text, unless `variable_type` is json');
  }
  if (type === 'json' && typeof value === 'string') checkJson(value);
  return text;
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw invalid('must be valid JSON, because `variable_type` is json', cause);
  }
}

function invalid(message: string, cause?: unknown): ValidationError {
  return new ValidationError(`variable_value ${message}.`, {
    cause,
    problems: [{ path: 'variable_value', message }],
  });
}

/** The value of a stored variable in the clear. @throws KeyRingError when it cannot be opened */
export function openValue(variable: Variable, keys: KeyRing): string {
  if (!variable.isSensitive) return variable.variableValue;
  return keys.open(
    JSON.parse(variable.variableValue),
    variableContext(variable.buildId, variable.variableKey),
  );
}

/**
 * Sets a variable. The draft must have been made with the build's variables.
 * @throws ValidationError, LeaseLostError, KeyRingError when a sensitive value cannot be sealed
 */
export function decideSetVariable(draft: BuildDraft, wish: VariableWish, keys: KeyRing): Variable {
  if (wish.leaseToken !== null) checkToken(draft, wish.leaseToken);
  const known = draft.loaded.variables.find(({ variableKey }) => variableKey === wish.variableKey);
  const byValue =
    wish.variableValue !== undefined && typeof wish.variableValue !== 'string' ? 'json' : 'string';
  const variableType = wish.variableType ?? known?.variableType ?? byValue;
  // A value that was sealed once stays sealed unless somebody says otherwise.
  const isSensitive = wish.isSensitive ?? known?.isSensitive ?? false;
  const text = textOf(wish, variableType) ?? (known === undefined ? undefined : openValue(known, keys));
  if (text === undefined) throw invalid('is required');
  const context = variableContext(draft.build.id, wish.variableKey);
  const variable: Variable = {
    id: known?.id ?? draft.context.ids.uuid(),
    buildId: draft.build.id,
    variableKey: wish.variableKey,
    variableValue: isSensitive ? JSON.stringify(keys.seal(text, context)) : text,
    variableType,
    setAtState: wish.setAtState === undefined ? (known?.setAtState ?? null) : wish.setAtState,
    isSensitive,
    isRequiredForResume: wish.isRequiredForResume ?? known?.isRequiredForResume ?? false,
    createdAt: known?.createdAt ?? draft.now,
    updatedAt: draft.now,
    deletedAt: null,
  };
  draft.variables.put(variable);
  countSensitive(draft, Number(isSensitive) - Number(known?.isSensitive ?? false));
  draft.event('variable.set', {
    variable_key: variable.variableKey,
    is_sensitive: isSensitive,
    set_at_state: variable.setAtState,
  });
  return variable;
}

/** Deletes a variable; its old values stay in the history. @throws NotFoundError */
export function decideDeleteVariable(draft: BuildDraft, key: string): void {
  const known = draft.loaded.variables.find(({ variableKey }) => variableKey === key);
  if (known === undefined) throw noVariable(`${draft.build.project}:${draft.build.buildNumber}`, key);
  draft.variables.put({ ...known, deletedAt: draft.now, updatedAt: draft.now });
  countSensitive(draft, -Number(known.isSensitive));
  draft.event('variable.deleted', { variable_key: key });
}

/** The error for a key that is not set. */
export function noVariable(build: string, key: string): NotFoundError {
  return new NotFoundError(
    `Build ${build} has no variable "${key}". List the keys with \`bldst variable list ${build}\`.`,
    { context: { variable_key: key } },
  );
}

function countSensitive(draft: BuildDraft, difference: number): void {
  if (difference === 0) return;
  draft.count({ sensitiveVariables: draft.counts.sensitiveVariables + difference });
}
