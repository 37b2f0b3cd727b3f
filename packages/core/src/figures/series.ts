import type { AttemptFacts, InBuild } from '../ports/searches.ts';
import { componentOf } from '../retry/classify.ts';
import { groupBy } from './group-by.ts';

/** Attempts at one state in one project. */
export interface StateSeries {
  /** UUID of the project. */
  readonly projectId: string;
  /** Its name. */
  readonly project: string;
  /** State code. */
  readonly state: number;
  /** The attempts. */
  readonly attempts: readonly AttemptFacts[];
}

/** Attempts by project and state, in the order of the projects' names and of the states. */
export function seriesOf(attempts: Iterable<InBuild<AttemptFacts>>): StateSeries[] {
  const groups = groupBy(attempts, ({ record, build }) => `${build.projectId} ${record.state}`);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { projectId, project } = first.build;
      return [{ projectId, project, state: first.record.state, attempts: group.map(({ record }) => record) }];
    })
    .sort((a, b) => (a.project === b.project ? a.state - b.state : a.project < b.project ? -1 : 1));
}

/** What did the work of an attempt: what the report said, else what usually works at the state. */
export function componentOfAttempt({ component, state }: Pick<AttemptFacts, 'component' | 'state'>): string {
  return component ?? componentOf(state);
}
