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
