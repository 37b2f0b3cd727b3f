import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { Project } from '../project/project.ts';
import type { ResumableState } from '../resume/resumable-state.ts';
import { policyOf, presets, type RetryPolicy } from '../retry/policy.ts';
import { given } from '../text/given.ts';
import type { Changing, Engine } from './engine.ts';
import { contentTag } from './entity-tags.ts';
import type { Handlers } from './handler.ts';
import { byState, pageOfLoaded } from './loaded-lists.ts';
import { changeProject, loadProject } from './projects.ts';

type Names =
  | 'listRetryPolicies'
  | 'getRetryPolicy'
  | 'putRetryPolicy'
  | 'listResumableStates'
  | 'getResumableState'
  | 'createResumableState'
  | 'putResumableState'
  | 'deleteResumableState';

type ResumableFields = Partial<
  Omit<ResumableState, 'id' | 'projectId' | 'stateCode' | 'createdAt' | 'updatedAt'>
>;

/** A policy that starts from a preset and says what is different. */
function policyFrom(
  base: RetryPolicy,
  { preset, ...fields }: Partial<RetryPolicy> & { readonly preset?: keyof typeof presets | undefined },
): RetryPolicy {
  const changes = given(fields);
  const from: RetryPolicy = preset === undefined ? base : presets[preset];
  const strategy = Object.keys(changes).length === 0 ? from.strategy : 'custom';
  const policy = { ...from, ...changes, strategy };
  if (policy.maxDelaySeconds >= policy.initialDelaySeconds) return policy;
  const message = `must be at least initial_delay_seconds (${policy.initialDelaySeconds})`;
  throw new ValidationError(`max_delay_seconds ${message}.`, {
    problems: [{ path: 'max_delay_seconds', message }],
  });
}

function resumingIn({ name, resumableStates }: Project, code: number): Changing {
  const content = resumableStates.find(({ stateCode }) => stateCode === code);
  return { what: `How project ${name} resumes at state ${code}`, content };
}

function resumableIn(project: Project, code: number): ResumableState {
  const found = project.resumableStates.find(({ stateCode }) => stateCode === code);
  if (found !== undefined) return found;
  throw new NotFoundError(
    `Project ${project.name} says nothing of resuming at state ${code}. ` +
      `See \`bldst resumable-state list ${project.name}\`.`,
    { context: { project: project.name, state_code: code } },
  );
}

/** The state that a path means; `null`: the whole project. */
function codeOf(inPath: number | 'default'): number | null {
  return inPath === 'default' ? null : inPath;
}

/** Operations on a project's retry policies and resumable states. */
export function policyHandlers(engine: Engine): Handlers<Names> {
  const put = (
    project: Project,
    stateCode: number,
    fields: ResumableFields,
    now: string,
    id = engine.uuid(),
  ): Project => {
    const known = project.resumableStates.find((one) => one.stateCode === stateCode);
    const base: ResumableState = known ?? {
      id,
      projectId: project.id,
      stateCode,
      isResumable: true,
      resumeStrategy: 'from_artifact',
      requiredArtifacts: [],
      requiredVariables: [],
      resumeCommand: null,
      resumeTimeoutSeconds: 3600,
      description: null,
      notes: null,
      createdAt: now,
      updatedAt: now,
    };
    const others = project.resumableStates.filter((one) => one.stateCode !== stateCode);
    const all = [...others, { ...base, ...given(fields), updatedAt: now }];
    return { ...project, resumableStates: all.sort((a, b) => a.stateCode - b.stateCode) };
  };
  return {
    async listRetryPolicies({ params, query }, context) {
      const { retryPolicies } = await loadProject(engine, params.projectId, context);
      const { items, next } = pageOfLoaded(retryPolicies, query, byState);
      return { body: items, next };
    },
    async getRetryPolicy({ params }, context) {
      const project = await loadProject(engine, params.projectId, context);
      const stateCode = codeOf(params.stateCode);
      const own = project.retryPolicies.find((one) => one.stateCode === stateCode);
      // What only holds by default is not there to be changed, so it has no tag.
      if (own !== undefined) return { body: own, etag: contentTag(engine.parts.crypto, own) };
      const policy = stateCode === null ? presets.standard : policyOf(project, stateCode);
      return { body: { stateCode, policy } };
    },
    async putRetryPolicy({ params, body }, context) {
      const stateCode = codeOf(params.stateCode);
      const project = await changeProject(engine, params.projectId, context, (known) => {
        const set = known.retryPolicies.find((one) => one.stateCode === stateCode);
        engine.expect(context, { what: `The retry policy of project ${known.name}`, content: set });
        const own = set?.policy;
        const base = own ?? (stateCode === null ? presets.standard : policyOf(known, stateCode));
        const others = known.retryPolicies.filter((one) => one.stateCode !== stateCode);
        const all = [...others, { stateCode, policy: policyFrom(base, body) }];
        return { ...known, retryPolicies: all.sort((a, b) => (a.stateCode ?? -1) - (b.stateCode ?? -1)) };
      });
      const set = project.retryPolicies.find((one) => one.stateCode === stateCode);
      if (set === undefined) throw engine.brokenPromise('lost a retry policy');
      return { body: set };
    },
    async listResumableStates({ params, query }, context) {
      const { resumableStates } = await loadProject(engine, params.projectId, context);
      const { items, next } = pageOfLoaded(resumableStates, query, byState);
      return { body: items, next };
    },
    async getResumableState({ params }, context) {
      return { body: resumableIn(await loadProject(engine, params.projectId, context), params.stateCode) };
    },
    async createResumableState({ params, body }, context) {
      const { stateCode, ...fields } = body;
      const id = engine.idFor('resumable state', context);
      const project = await changeProject(engine, params.projectId, context, (known, now) => {
        const taken = known.resumableStates.find((one) => one.stateCode === stateCode);
        if (taken?.id === id) return known;
        if (taken !== undefined) {
          throw new AlreadyExistsError(
            `Project ${known.name} says already how state ${stateCode} is resumed. ` +
              'Change it with `bldst resumable-state update`.',
            { context: { state_code: stateCode } },
          );
        }
        return put(known, stateCode, fields, now, id);
      });
      return { body: resumableIn(project, stateCode) };
    },
    async putResumableState({ params, body }, context) {
      const { stateCode: _, ...fields } = body;
      const project = await changeProject(engine, params.projectId, context, (known, now) => {
        engine.expect(context, resumingIn(known, params.stateCode));
        return put(known, params.stateCode, fields, now);
      });
      return { body: resumableIn(project, params.stateCode) };
    },
    async deleteResumableState({ params }, context) {
      await changeProject(engine, params.projectId, context, (known) => {
        engine.expect(context, resumingIn(known, params.stateCode));
        resumableIn(known, params.stateCode);
        const resumableStates = known.resumableStates.filter(
          ({ stateCode }) => stateCode !== params.stateCode,
        );
        return { ...known, resumableStates };
      });
      return { body: undefined };
    },
  };
}
