import { codeInName, comparableName, entryOf, namesOf } from '../build/catalogue.ts';
import type { StateCode } from '../build/state-code.ts';
import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { Project } from '../project/project.ts';
import { given } from '../text/given.ts';
import type { Changing, Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { byState, pageOfLoaded } from './loaded-lists.ts';
import { changeProject, loadProject } from './projects.ts';

type Names = 'listStateCodes' | 'getStateCode' | 'createStateCode' | 'putStateCode' | 'deprecateStateCode';
type Fields = Partial<Omit<StateCode, 'id' | 'stateCode' | 'createdAt' | 'deprecatedAt'>>;

function noStateCode(project: Project, code: number): NotFoundError {
  return new NotFoundError(
    `Project ${project.name} has no state ${code} in its catalogue. See \`bldst state-code list ${project.name}\`.`,
    { context: { project: project.name, state_code: code } },
  );
}

function invalid(path: string, message: string): ValidationError {
  return new ValidationError(`${path} ${message}.`, { problems: [{ path, message }] });
}

/** @throws ValidationError when an entry goes by a name that means another state */
function checkNames(others: readonly StateCode[], { stateCode, name, aliases }: StateCode): void {
  const taken = new Set(others.flatMap(namesOf));
  for (const [path, wanted] of [
    ['name', name],
    ...aliases.map((alias) => ['aliases', alias] as const),
  ] as const) {
    const code = codeInName(wanted);
    if (code !== undefined && code !== stateCode) throw invalid(path, `"${wanted}" means state ${code}`);
    if (taken.has(comparableName(wanted))) throw invalid(path, `"${wanted}" belongs to another state`);
  }
}

/** Refuses catalogues that names, prerequisites or the final code would make ambiguous. */
function checkCatalogue(catalogue: readonly StateCode[], changed: StateCode): void {
  const others = catalogue.filter(({ stateCode }) => stateCode !== changed.stateCode);
  checkNames(others, changed);
  const late = changed.prerequisites.find((code) => code >= changed.stateCode);
  if (late !== undefined) throw invalid('prerequisites', `${late} does not come before ${changed.stateCode}`);
  if (!changed.isFinal && !others.some(({ isFinal }) => isFinal)) {
    throw invalid('is_final', 'is needed on one state: mark another one as final instead');
  }
}

/** A catalogue with an entry added or changed; of several final codes the newest one stays final. */
function withEntry(catalogue: readonly StateCode[], entry: StateCode): StateCode[] {
  checkCatalogue(catalogue, entry);
  const others = catalogue
    .filter(({ stateCode }) => stateCode !== entry.stateCode)
    .map((other) => (entry.isFinal && other.isFinal ? { ...other, isFinal: false } : other));
  return [...others, entry].sort((a, b) => a.stateCode - b.stateCode);
}

function stateIn({ name, stateCodes }: Project, code: number): Changing {
  return { what: `State ${code} of project ${name}`, content: entryOf(stateCodes, code) };
}

function titled(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Operations on a project's state codes. */
export function catalogueHandlers(engine: Engine): Handlers<Names> {
  const fresh = (id: string, code: number, name: string, now: string): StateCode => ({
    id,
    stateCode: code,
    name,
    aliases: [],
    displayName: titled(name),
    description: null,
    prerequisites: [],
    expectedDurationSeconds: null,
    isInitial: false,
    isFinal: false,
    isError: false,
    deprecatedAt: null,
    createdAt: now,
  });
  const put = (project: Project, code: number, fields: Fields, now: string, id = engine.uuid()): Project => {
    const known = entryOf(project.stateCodes, code);
    const base = known ?? fresh(id, code, fields.name ?? `state-${code}`, now);
    const entry = { ...base, ...given(fields), deprecatedAt: null };
    return { ...project, stateCodes: withEntry(project.stateCodes, entry) };
  };
  const entryIn = (project: Project, code: number): StateCode => {
    const entry = entryOf(project.stateCodes, code);
    if (entry === undefined) throw noStateCode(project, code);
    return entry;
  };
  return {
    async listStateCodes({ params, query }, context) {
      const { stateCodes } = await loadProject(engine, params.projectId, context);
      const { items, next } = pageOfLoaded(stateCodes, query, byState);
      return { body: items, next };
    },
    async getStateCode({ params }, context) {
      return { body: entryIn(await loadProject(engine, params.projectId, context), params.stateCode) };
    },
    async createStateCode({ params, body }, context) {
      const { stateCode, ...fields } = body;
      const id = engine.idFor('state code', context);
      const project = await changeProject(engine, params.projectId, context, (known, now) => {
        const taken = entryOf(known.stateCodes, stateCode);
        if (taken?.id === id) return known;
        if (taken !== undefined) {
          throw new AlreadyExistsError(
            `Project ${known.name} has a state ${stateCode} already. Change it with \`bldst state-code set\`.`,
            { context: { state_code: stateCode } },
          );
        }
        return put(known, stateCode, fields, now, id);
      });
      return { body: entryIn(project, stateCode) };
    },
    async putStateCode({ params, body }, context) {
      const { stateCode = params.stateCode, ...fields } = body;
      if (stateCode !== params.stateCode)
        throw invalid('state_code', `must be ${params.stateCode}, as in the path`);
      const project = await changeProject(engine, params.projectId, context, (known, now) => {
        engine.expect(context, stateIn(known, stateCode));
        return put(known, stateCode, fields, now);
      });
      return { body: entryIn(project, stateCode) };
    },
    async deprecateStateCode({ params }, context) {
      await changeProject(engine, params.projectId, context, (known, now) => {
        const entry = entryIn(known, params.stateCode);
        engine.expect(context, stateIn(known, params.stateCode));
        if (entry.isFinal)
          throw invalid('state_code', `${entry.stateCode} is the final state; mark another one first`);
        if (entry.deprecatedAt !== null) return known;
        return { ...known, stateCodes: withEntry(known.stateCodes, { ...entry, deprecatedAt: now }) };
      });
      return { body: undefined };
    },
  };
}
