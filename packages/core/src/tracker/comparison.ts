import { stateName } from '../build/catalogue.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { compareBuilds } from '../figures/comparison.ts';
import { toWire } from '../wire/casing.ts';
import { buildViews } from './build-views.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { readCompared } from './read-compared.ts';
import type { CallContext } from './tracker.ts';

const fewest = 2;
const most = 10;

/** @throws ValidationError */
function refsOf(ids: string): string[] {
  const refs = ids.split(',').map((ref) => ref.trim());
  const problem = refs.includes('')
    ? 'must not have an empty place between commas'
    : refs.length < fewest || refs.length > most
      ? `must name ${fewest} to ${most} builds, with commas between`
      : undefined;
  if (problem === undefined) return refs;
  throw new ValidationError(`ids ${problem}.`, { problems: [{ path: 'ids', message: problem }] });
}

/** A build with what it did. */
async function loadCompared(engine: Engine, ref: string, context: CallContext) {
  const { snapshot } = await engine.load(ref, context);
  return { snapshot, compared: await readCompared(engine.parts.store, snapshot.build.id) };
}

/** The name of a compared field on the wire. */
function wireNames(fields: readonly string[]): string[] {
  return fields.flatMap((field) => Object.keys(toWire({ [field]: null }) as object));
}

/** Builds side by side. */
export function comparisonHandlers(engine: Engine): Handlers<'compareBuilds'> {
  return {
    async compareBuilds({ query }, context) {
      const loaded = await Promise.all(refsOf(query.ids).map((ref) => loadCompared(engine, ref, context)));
      const ids = loaded.map(({ compared }) => compared.id);
      const twice = ids.find((id, index) => ids.indexOf(id) < index);
      if (twice !== undefined) {
        const message = `names the build ${twice} twice; name each once`;
        throw new ValidationError(`ids ${message}.`, { problems: [{ path: 'ids', message }] });
      }
      const states = compareBuilds(loaded.map(({ compared }) => compared));
      const catalogue = loaded[0]?.snapshot.project.stateCodes ?? [];
      return {
        body: {
          builds: await buildViews(
            engine,
            loaded.map(({ snapshot }) => snapshot.build),
          ),
          differingStates: states.filter(({ differs }) => differs.length > 0).length,
          states: states.map(({ state, differs, builds }) => ({
            state,
            stateName: stateName(catalogue, state),
            differs: wireNames(differs),
            builds,
          })),
        },
      };
    },
  };
}
