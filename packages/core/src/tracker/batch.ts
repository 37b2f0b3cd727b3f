import { BuildStateError } from '../errors/buildstate-error.ts';
import type { OperationAnswer } from '../wire/contract.ts';
import { toProblem } from '../wire/problem.ts';
import { routes } from '../wire/routes.ts';
import { checkInput, ignoredWarnings } from '../wire/validate.ts';
import type { Engine } from './engine.ts';
import type { Handler, Handlers } from './handler.ts';
import type { CallContext } from './tracker.ts';

type Result = OperationAnswer<'recordStates'>['results'][number];

/** The context of one report: where the request has a key, each of its reports has an id of its own from it. */
function contextOf(index: number, context: CallContext): CallContext {
  const { keyed } = context;
  if (keyed === undefined) return context;
  return { ...context, keyed: { ...keyed, eventId: keyed.idFor(`report ${index}`) } };
}

/** One report of a batch, checked like one that comes alone. */
async function recordOne(
  record: Handler<'recordState'>,
  buildId: string,
  report: unknown,
  context: CallContext,
): Promise<Omit<Result, 'index'>> {
  try {
    const ignored: string[] | undefined = context.ignoredFields && [];
    const input = checkInput('recordState', { params: { build_id: buildId }, body: report }, ignored);
    const { body } = await record(input, context);
    const answer = { ...body, warnings: [...body.warnings, ...ignoredWarnings(ignored ?? [])] };
    return { status: routes.recordState.status, answer };
  } catch (error) {
    if (!(error instanceof BuildStateError)) throw error;
    const problem = toProblem(error);
    return { status: problem.status, problem };
  }
}

/** The operation that records many transitions of a build, one after the other, each for itself. */
export function batchHandlers(
  engine: Engine,
  { recordState }: Handlers<'recordState'>,
): Handlers<'recordStates'> {
  return {
    async recordStates({ params, query, body: { reports } }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      const results: Result[] = [];
      let expectation = context;
      for (const [index, report] of reports.entries()) {
        const result = await recordOne(recordState, snapshot.build.id, report, contextOf(index, expectation));
        results.push({ index, ...result });
        // The version that the caller has seen is that before the batch; its own reports move it.
        if (result.problem === undefined) expectation = { ...context, ifMatch: undefined };
        // What the store cannot do now, it cannot do for the next one either.
        if (result.status >= 500 || (result.status >= 400 && query.stopOnError === true)) break;
      }
      const refused = results.filter(({ problem }) => problem !== undefined).length;
      return {
        body: {
          results,
          recorded: results.length - refused,
          refused,
          notTried: reports.length - results.length,
        },
      };
    },
  };
}
