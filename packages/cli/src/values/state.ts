import type { BuildStateClient } from '@buildstate/client';
import { NotFoundError, nearestNames } from '@buildstate/core/light';
import { UsageError } from '../errors/usage-error.ts';

/** A state as the API takes it: by its code, or by its name. */
export type StateChoice = { readonly state: number } | { readonly stateName: string };

/** The code that a text is, or `undefined` when it is a name. @throws UsageError for other numbers */
function codeOf(text: string): number | undefined {
  if (!/^[+-]?\d+([.,]\d+)?$/.test(text)) return undefined;
  if (/^\d{1,3}$/.test(text) && Number(text) <= 100) return Number(text);
  throw new UsageError(`${text} is not a state: states are integers from 0 to 100, or names.`, {
    hint: 'bldst state-code list',
  });
}

/** A state that was given by its code or its name. @throws UsageError when it is neither */
export function stateChoice(text: string): StateChoice {
  const code = codeOf(text.trim());
  if (code !== undefined) return { state: code };
  if (text.trim() === '') throw new UsageError('A state is a code from 0 to 100, or a name.');
  return { stateName: text.trim() };
}

/**
 * The code of a state that was given by its code or its name. A name is looked up in the project's catalogue.
 * @throws UsageError for a number that is no code; NotFoundError with the nearest names
 */
export async function projectStateCode(
  client: BuildStateClient,
  project: string,
  text: string,
): Promise<number> {
  const choice = stateChoice(text);
  if ('state' in choice) return choice.state;
  const catalogue = await client.stateCodes.list(project);
  const wanted = choice.stateName.toLowerCase().replaceAll('_', '-');
  const numbered = /^state-(\d{1,3})$/.exec(wanted)?.[1];
  const entry = catalogue.find(({ name, aliases }) => name === wanted || aliases.includes(wanted));
  if (entry !== undefined) return entry.stateCode;
  if (numbered !== undefined) return codeOf(numbered) ?? 0;
  const names = catalogue.flatMap(({ name, aliases }) => [name, ...aliases]);
  const nearest = nearestNames(wanted, names);
  const advice = nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
  throw new NotFoundError(`The project has no state called "${choice.stateName}".${advice}`);
}

/** The code of a state of a build, given by its code or its name. @throws as `projectStateCode` */
export async function buildStateCode(client: BuildStateClient, build: string, text: string): Promise<number> {
  const choice = stateChoice(text);
  if ('state' in choice) return choice.state;
  const { projectId } = await client.builds.get(build);
  return projectStateCode(client, projectId, text);
}
