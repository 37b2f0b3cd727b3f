import type { BuildStateError } from '@buildstate/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type {
  ArtifactRecord,
  BuildDetails,
  BuildStateClient,
  BuildSummary,
  HeldLease,
  Listing,
  QueryOf,
  ReportAnswer,
  ReportOutcome,
  StateReport,
} from '../../src/index.ts';

type Builds = BuildStateClient['builds'];
type Artifacts = BuildStateClient['artifacts'];
type Answer<Method extends (...input: never[]) => Promise<unknown>> = Awaited<ReturnType<Method>>;

// What the compiler must refuse. Never called: the check is `npm run typecheck`, which fails on an error that is
// not there as well as on one that is not expected.
const refused = [
  // @ts-expect-error -- a state by its name belongs into stateName
  (builds: Builds) => builds.record('b', { state: 'base-config' }),
  // @ts-expect-error -- the name of the wire
  (builds: Builds) => builds.record('b', { state_code: 10 }),
  // @ts-expect-error -- paging is the listing's business
  (builds: Builds) => builds.list({ cursor: 'x' }),
  // @ts-expect-error -- a status in a query that is none
  (builds: Builds) => builds.list({ status: 'done' }),
  // @ts-expect-error -- an artifact needs a name
  (artifacts: Artifacts) => artifacts.upload('b', { source: '/x', state: 10 }),
  // @ts-expect-error -- nothing says which artifact is meant
  (artifacts: Artifacts) => artifacts.download('b', {}, '/target'),
];

describe('the types of the facade', () => {
  it('say what comes back', () => {
    expectTypeOf<Answer<Builds['get']>>().toEqualTypeOf<BuildDetails>();
    expectTypeOf<ReturnType<Builds['list']>>().toEqualTypeOf<Listing<BuildSummary>>();
    expectTypeOf<ReturnType<Artifacts['list']>>().toEqualTypeOf<Listing<ArtifactRecord>>();
    expectTypeOf<Answer<BuildStateClient['leases']['acquire']>>().toEqualTypeOf<HeldLease>();
    expectTypeOf<Answer<BuildStateClient['variables']['dict']>>().toEqualTypeOf<
      Readonly<Record<string, string>>
    >();
    expectTypeOf<BuildDetails['status']>().toEqualTypeOf<
      'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
    >();
    expectTypeOf<BuildDetails['artifactBase']>().toEqualTypeOf<string | null>();
    expectTypeOf<BuildDetails['openAttempt']>().not.toBeAny();
    expectTypeOf<ArtifactRecord['metadata']>().toEqualTypeOf<Record<string, unknown>>();
  });

  it('tell a delivered report from one that waits', () => {
    type Outcome = Answer<BuildStateClient['report']>;
    expectTypeOf<Outcome>().toEqualTypeOf<ReportOutcome<ReportAnswer>>();
    expectTypeOf<Extract<Outcome, { delivered: true }>['answer']>().toEqualTypeOf<ReportAnswer>();
    expectTypeOf<Extract<Outcome, { delivered: false }>['reason']>().toEqualTypeOf<BuildStateError>();
  });

  it('know the names and values of what is sent', () => {
    expectTypeOf<StateReport>().toExtend<{
      readonly leaseToken?: number;
      readonly artifactStoragePath?: string;
    }>();
    expectTypeOf<QueryOf<'listBuilds'>['stateMin']>().toEqualTypeOf<string | number | boolean | undefined>();
    expectTypeOf<NonNullable<QueryOf<'listBuilds'>['status']>>().toEqualTypeOf<BuildDetails['status']>();
    expect(refused).toHaveLength(6);
  });
});
