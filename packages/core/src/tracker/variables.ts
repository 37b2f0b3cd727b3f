import { covers } from '../access/api-token.ts';
import { withInherited } from '../branch/inheritance.ts';
import type { JsonValue } from '../build/build.ts';
import { ForbiddenError } from '../errors/forbidden-error.ts';
import type { LoadedBuild } from '../ports/state-store.ts';
import {
  decideDeleteVariable,
  decideSetVariable,
  noVariable,
  openValue,
} from '../variable/decide-variable.ts';
import type { Variable } from '../variable/variable.ts';
import type { Engine } from './engine.ts';
import { contentTag } from './entity-tags.ts';
import type { Handlers } from './handler.ts';
import { byVariableKey, pageOfLoaded } from './loaded-lists.ts';
import type { CallContext } from './tracker.ts';
import { variableView } from './views.ts';

type Names =
  | 'setVariable'
  | 'listVariables'
  | 'getVariableDict'
  | 'getVariable'
  | 'updateVariable'
  | 'deleteVariable';

const withVariables = () => ({ variables: true }) as const;

/** A variable as lists show it: sensitive values are left out. */
function listed(variable: Variable) {
  return variableView(variable, variable.isSensitive ? undefined : variable.variableValue);
}

/** Operations on variables. */
export function variableHandlers(engine: Engine): Handlers<Names> {
  const { keys } = engine.parts.crypto;
  const tagOf = (variable: Variable) => contentTag(engine.parts.crypto, variable);
  const variableIn =
    (key: string) =>
    ({ variables }: LoadedBuild) => ({
      what: `The variable ${key}`,
      content: variables.find(({ variableKey }) => variableKey === key),
    });
  /** A build with its variables, those of the builds above a branch included. */
  const load = async (ref: string, context: CallContext) => {
    const needs = { ...withVariables(), inherits: 'variables' } as const;
    const { snapshot, variables, inherited } = await engine.surrounded(ref, context, needs);
    return { snapshot, variables: withInherited(variables, inherited?.variables ?? []) };
  };
  return {
    async setVariable({ params, body }, context) {
      const options = { operation: 'setVariable', needs: withVariables } as const;
      let etag: string | undefined;
      const outcome = await engine.once(params.buildId, context, options, (draft) => {
        const variable = decideSetVariable(
          draft,
          {
            variableKey: body.variableKey,
            variableValue: body.variableValue as JsonValue,
            variableType: body.variableType,
            setAtState: body.setAtState,
            isSensitive: body.isSensitive,
            isRequiredForResume: body.isRequiredForResume,
            leaseToken: body.leaseToken ?? null,
          },
          keys,
        );
        etag = tagOf(variable);
        return () => listed(variable);
      });
      return { ...outcome, etag };
    },
    async listVariables({ params, query }, context) {
      const { variables } = await load(params.buildId, context);
      const wanted = query.requiredForResume;
      const meant = variables.filter((one) => wanted === undefined || one.isRequiredForResume === wanted);
      const { items, next } = pageOfLoaded(meant, query, byVariableKey);
      return { body: items.map(listed), next };
    },
    async getVariableDict({ params }, context) {
      const { variables } = await load(params.buildId, context);
      const open = variables.filter(({ isSensitive }) => !isSensitive);
      return { body: Object.fromEntries(open.map((one) => [one.variableKey, one.variableValue])) };
    },
    async getVariable({ params }, context) {
      const { snapshot, variables } = await load(params.buildId, context);
      const known = variables.find(({ variableKey }) => variableKey === params.variableKey);
      const { project, buildNumber } = snapshot.build;
      if (known === undefined) throw noVariable(`${project}:${buildNumber}`, params.variableKey);
      if (known.isSensitive && !covers(context.actor.scopes, 'write')) {
        throw new ForbiddenError(
          `The variable "${known.variableKey}" is sensitive; reading its value needs a key with the scope "write".`,
          { context: { scope: 'write' } },
        );
      }
      return { body: variableView(known, openValue(known, keys)), etag: tagOf(known) };
    },
    async updateVariable({ params, body }, context) {
      const changes = variableIn(params.variableKey);
      const options = { operation: 'updateVariable', needs: withVariables, changes } as const;
      let etag: string | undefined;
      const outcome = await engine.once(params.buildId, context, options, (draft) => {
        const { project, buildNumber } = draft.build;
        if (!draft.loaded.variables.some(({ variableKey }) => variableKey === params.variableKey)) {
          throw noVariable(`${project}:${buildNumber}`, params.variableKey);
        }
        const variable = decideSetVariable(
          draft,
          {
            variableKey: params.variableKey,
            variableValue: body.variableValue as JsonValue | undefined,
            variableType: body.variableType,
            setAtState: body.setAtState,
            isSensitive: body.isSensitive,
            isRequiredForResume: body.isRequiredForResume,
            leaseToken: body.leaseToken ?? null,
          },
          keys,
        );
        etag = tagOf(variable);
        return () => listed(variable);
      });
      return { ...outcome, etag };
    },
    async deleteVariable({ params }, context) {
      const options = { needs: withVariables, changes: variableIn(params.variableKey) };
      await engine.change(params.buildId, context, options, (draft) =>
        decideDeleteVariable(draft, params.variableKey),
      );
      return { body: undefined };
    },
  };
}
