import { UsageError } from '../errors/usage-error.ts';
import type { EnvironmentVariables } from './view.ts';

/** Texts that mean themselves in every shell. */
const plain = /^[A-Za-z0-9_.:/@%+,-]+$/;

/** A word that a POSIX shell reads back as exactly this text, whatever is in it. */
export function shellQuote(text: string): string {
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * The name of an environment variable for a name that users chose: capitals, and an underscore for everything
 * that shells do not allow. `base-image` becomes `BLDST_ARTIFACT_BASE_IMAGE`.
 *
 * @param prefix such as `BLDST_ARTIFACT_`
 */
export function variableName(prefix: string, name: string): string {
  return prefix + name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
}

/** Lines for `eval`: one assignment each. After `set -a`, programs that the script starts see them as well. */
export function shellAssignments(variables: EnvironmentVariables): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${shellQuote(value == null ? '' : String(value))}`)
    .join('\n');
}

/**
 * Variables for things that users named. Of several with the same name the last one counts, which is the newest.
 *
 * @param prefix such as `BLDST_ARTIFACT_`
 * @throws UsageError when two names become the same variable
 */
export function namedVariables(
  prefix: string,
  entries: readonly (readonly [name: string, value: string | null | undefined])[],
): EnvironmentVariables {
  const names = new Map<string, string>();
  const variables: Record<string, string | null | undefined> = {};
  for (const [name, value] of entries) {
    const variable = variableName(prefix, name);
    const other = names.get(variable);
    if (other !== undefined && other !== name) {
      throw new UsageError(`"${other}" and "${name}" would both be ${variable}. Take -o json for these.`);
    }
    names.set(variable, name);
    variables[variable] = value;
  }
  return variables;
}
