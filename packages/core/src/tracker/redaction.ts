import { inheritsNothing } from '../branch/inheritance.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import { KeyRingError } from '../errors/key-ring-error.ts';
import { createRedactor, type Redactor } from '../text/redact.ts';
import { openValue } from '../variable/decide-variable.ts';
import type { Variable } from '../variable/variable.ts';
import type { Engine } from './engine.ts';
import type { DecisionNeeds, SurroundedBuild } from './surroundings.ts';

/**
 * What a decision needs, with the sensitive variables whose values are searched for in texts: the build's own, and those
 * that a branch inherits.
 */
export function withSecrets(
  needs: DecisionNeeds = {},
): (snapshot: BuildSnapshot) => DecisionNeeds | undefined {
  return ({ counts, build }) => {
    const all: DecisionNeeds = {
      ...needs,
      ...(counts.sensitiveVariables > 0 && { variables: true }),
      ...(build.parentBuildId !== null && needs.inherits === undefined && { inherits: 'variables' }),
    };
    return Object.keys(all).length > 0 ? all : undefined;
  };
}

/** Texts that must not appear: the value, and every text within it when it is JSON. */
function secretsIn(variable: Variable, value: string): string[] {
  if (variable.variableType !== 'json') return [value];
  const texts: string[] = [];
  JSON.parse(value, (_, member: unknown) => {
    if (typeof member === 'string') texts.push(member);
    return member;
  });
  return [value, ...texts];
}

/** For builds without sensitive variables. */
const knowingNoValues = createRedactor();

/**
 * A redactor that knows the values of the build's sensitive variables. A value that cannot be opened, because its
 * key was retired, cannot be searched for; reports are recorded all the same, and the log says so.
 */
export function redactorOf(
  engine: Engine,
  { snapshot, variables, inherited = inheritsNothing }: SurroundedBuild,
): Redactor {
  const { keys } = engine.parts.crypto;
  const sensitive = [...variables, ...inherited.variables].filter(({ isSensitive }) => isSensitive);
  if (sensitive.length === 0) return knowingNoValues;
  const secrets = sensitive.flatMap((variable) => {
    try {
      return secretsIn(variable, openValue(variable, keys));
    } catch (error) {
      if (!(error instanceof KeyRingError)) throw error;
      const about = { build: snapshot.build.id, variable: variable.variableKey, error };
      engine.logger.warn(about, 'A sensitive value cannot be opened, so texts were not searched for it.');
      return [];
    }
  });
  return createRedactor(secrets);
}
