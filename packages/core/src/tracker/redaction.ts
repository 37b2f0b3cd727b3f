import type { BuildSnapshot } from '../build/snapshot.ts';
import { KeyRingError } from '../errors/key-ring-error.ts';
import type { LoadedBuild, LoadNeeds } from '../ports/state-store.ts';
import { createRedactor, type Redactor } from '../text/redact.ts';
import { openValue } from '../variable/decide-variable.ts';
import type { Variable } from '../variable/variable.ts';
import type { Engine } from './engine.ts';

/** What a decision needs, with the sensitive variables whose values are searched for in texts. */
export function withSecrets(needs: LoadNeeds = {}): (snapshot: BuildSnapshot) => LoadNeeds | undefined {
  return ({ counts }) => {
    if (counts.sensitiveVariables > 0) return { ...needs, variables: true };
    return Object.keys(needs).length > 0 ? needs : undefined;
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
export function redactorOf(engine: Engine, { snapshot, variables }: LoadedBuild): Redactor {
  const { keys } = engine.parts.crypto;
  const sensitive = variables.filter(({ isSensitive }) => isSensitive);
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
