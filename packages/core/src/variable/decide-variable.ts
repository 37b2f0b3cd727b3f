import type { JsonValue } from '../build/build.ts';
import type { BuildDraft } from '../build/draft.ts';
import { LimitError } from '../errors/limit-error.ts';
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

/** Most variables that a build may have. Each sensitive one is looked for in every report. */
export const maxVariables = 1000;

/** What a variable is: as said, else as the value shows, else as it was. */
function typeOf({ variableType, variableValue }: VariableWish, known: Variable | undefined): VariableType {
  if (variableType !== undefined) return variableType;
  if (variableValue !== undefined && typeof variableValue !== 'string') return 'json';
  return known?.variableType ?? 'string';
}

/**
 * Whether a value is sealed: as said, else it stays as it was. One that is called encrypted is sealed as well,
 * because who says so does not expect to see it listed.
 */
function isSealed(wish: VariableWish, known: Variable | undefined): boolean {
  return wish.isSensitive ?? (known?.isSensitive === true || wish.variableType === 'encrypted');
}

/** The text of a value of a type, new or kept. @throws ValidationError */
function textOf(wish: VariableWish, type: VariableType, known: () => string | undefined): string {
  const value = wish.variableValue;
  if (value !== undefined && typeof value !== 'string') {
    if (type !== 'json') throw invalid('must be a text, unless `variable_type` is json');
    return JSON.stringify(value);
  }
  const text = value ?? known();
  if (text === undefined) throw invalid('is required');
  if (type === 'json') checkJson(text);
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
 * @throws ValidationError, LeaseLostError, LimitError, KeyRingError when a sensitive value cannot be sealed
 */
export function decideSetVariable(draft: BuildDraft, wish: VariableWish, keys: KeyRing): Variable {
  if (wish.leaseToken !== null) checkToken(draft, wish.leaseToken);
  const known = draft.loaded.variables.find(({ variableKey }) => variableKey === wish.variableKey);
  if (known === undefined) checkRoom(draft);
  const variableType = typeOf(wish, known);
  const isSensitive = isSealed(wish, known);
  const text = textOf(wish, variableType, () => known && openValue(known, keys));
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

/** @throws LimitError */
function checkRoom(draft: BuildDraft): void {
  if (draft.loaded.variables.length < maxVariables) return;
  const { project, buildNumber } = draft.build;
  throw new LimitError(
    `Build ${project}:${buildNumber} has ${maxVariables} variables, the most that a build may have. ` +
      'Put several values into one variable as JSON, or delete some with `bldst variable delete`.',
    { context: { limit: maxVariables } },
  );
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
