import type { Build } from '../build/build.ts';
import { hasEnded } from '../build/closed.ts';
import { timestamp } from '../build/timestamp.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { Project } from '../project/project.ts';
import { historyGoesAt, type RetentionPolicy, retentionOf, snapshotsGoAt } from './policy.ts';

/** What is left of a history after a cut. */
export type Keeps = 'snapshots' | 'none';

/** A build whose time has come. */
export interface DueCut {
  /** The build as it is. */
  readonly build: Build;
  /** What is left afterwards. */
  readonly keeps: Keeps;
  /** What its project keeps. */
  readonly policy: RetentionPolicy;
  /** A branch that can still go on and inherits from the build: nothing goes while there is one. */
  readonly neededBy: Build | undefined;
}

/** What the search for builds whose time has come needs. */
export interface DueParts {
  /** Where they are. */
  readonly store: Pick<StateStore, 'listEndedBuilds' | 'listBuilds' | 'listProjects'>;
  /** What holds in projects that say nothing of their own. */
  readonly retention: RetentionPolicy;
}

const pageSize = 200;

async function policiesOf({ store, retention }: DueParts): Promise<ReadonlyMap<string, RetentionPolicy>> {
  const policies = new Map<string, RetentionPolicy>();
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await store.listProjects({ limit: pageSize, includeDeactivated: true, cursor });
    for (const project of page.items as readonly Project[])
      policies.set(project.id, retentionOf(project, retention));
    cursor = page.next;
  }
  return policies;
}

/** A build that has branched from a build, or from a branch of it, and can still go on. */
async function liveBranchOf({ store }: DueParts, build: Build): Promise<Build | undefined> {
  const waiting = [build.id];
  for (let parent = waiting.shift(); parent !== undefined; parent = waiting.shift()) {
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await store.listBuilds({ parentBuildId: parent, limit: pageSize, cursor });
      const live = page.items.find((branch) => !hasEnded(branch));
      if (live !== undefined) return live;
      waiting.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
  }
  return undefined;
}

const steps = [
  { history: 'full', keeps: 'snapshots', goesAt: historyGoesAt },
  { history: 'snapshots', keeps: 'none', goesAt: snapshotsGoAt },
] as const;

/**
 * Builds whose history, or whose snapshots, have had their time: the one that ended first comes first.
 * @param now milliseconds since the epoch
 */
export async function* dueCuts(parts: DueParts, now: number): AsyncGenerator<DueCut> {
  const policies = await policiesOf(parts);
  const all = [parts.retention, ...policies.values()];
  for (const { history, keeps, goesAt } of steps) {
    // How long the most impatient project keeps it: who ended after that is not looked at.
    const shortest = Math.min(...all.map((policy) => goesAt(policy, 0)));
    const endedBefore = timestamp(Math.max(0, now - shortest));
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await parts.store.listEndedBuilds({ history, endedBefore, limit: pageSize, cursor });
      for (const build of page.items) {
        const policy = policies.get(build.projectId) ?? parts.retention;
        if (goesAt(policy, Date.parse(build.endTime ?? build.deletedAt ?? '')) > now) continue;
        yield { build, keeps, policy, neededBy: await liveBranchOf(parts, build) };
      }
      cursor = page.next;
    }
  }
}
