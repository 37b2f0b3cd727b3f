import { describe } from 'vitest';
import { actorCases } from './actor-cases.ts';
import { type StorePlace, type StoreTraits, storeBench } from './bench.ts';
import { buildCases } from './build-cases.ts';
import { conflictCases } from './conflict-cases.ts';
import { dutyCases } from './duty-cases.ts';
import { eventStreamCases } from './event-stream-cases.ts';
import { fidelityCases } from './fidelity-cases.ts';
import { historyCases } from './history-cases.ts';
import { keyedRequestCases } from './keyed-request-cases.ts';
import { leaseCases } from './lease-cases.ts';
import { lifecycleCases } from './lifecycle-cases.ts';
import { listBuildCases } from './list-build-cases.ts';
import { listRowCases } from './list-row-cases.ts';
import { projectCases } from './project-cases.ts';
import { referenceCases } from './reference-cases.ts';
import { reportCases } from './report-cases.ts';
import { searchCases } from './search-cases.ts';
import { tallyCases } from './tally-cases.ts';
import { variableCases } from './variable-cases.ts';
import { waitingCases } from './waiting-cases.ts';
import { wholeBuildCases } from './whole-build-cases.ts';

const groups = {
  'its life': lifecycleCases,
  builds: buildCases,
  'compare-and-set': conflictCases,
  leases: leaseCases,
  reports: reportCases,
  'keyed requests': keyedRequestCases,
  duties: dutyCases,
  actors: actorCases,
  'history that goes': historyCases,
  'lists of builds': listBuildCases,
  'builds that wait': waitingCases,
  'lists of a build': listRowCases,
  'searches over all builds': searchCases,
  'counts over all builds': tallyCases,
  'events of all builds': eventStreamCases,
  variables: variableCases,
  projects: projectCases,
  'reference data and keys': referenceCases,
  fidelity: fidelityCases,
  'whole builds': wholeBuildCases,
};

/**
 * Registers the tests that every `StateStore` must pass.
 * @param name what the store is called in reports
 * @param open makes an empty place; called once per test, which removes the place at its end
 * @param traits what the store must declare, and how hard the suite tries
 */
export function describeStateStore(name: string, open: () => Promise<StorePlace>, traits: StoreTraits): void {
  describe(`${name} as a StateStore`, () => {
    for (const [title, cases] of Object.entries(groups))
      describe(title, () => {
        cases(storeBench(open, traits));
      });
  });
}
