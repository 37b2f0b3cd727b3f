import type { Build } from '../build/build.ts';
import { lastStateOf, stateName } from '../build/catalogue.ts';
import { checkNotClosed } from '../build/closed.ts';
import type { BuildDraft } from '../build/draft.ts';
import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { BuildClosedError } from '../errors/build-closed-error.ts';
import { IllegalTransitionError } from '../errors/illegal-transition-error.ts';
import { LimitError } from '../errors/limit-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { type Branch, maxBranches } from './branch.ts';

/** A wish to fork. */
export interface ForkWish {
  /** The branch's key. */
  readonly branchKey: string;
  /** Id of the build that becomes the branch. */
  readonly buildId: string;
  /** Whether the caller chose that id, so that another branch with the key is not the one that is meant. */
  readonly ownId: boolean;
  /** The state after which the branch begins; `null`: the last one that was completed. */
  readonly fromState: number | null;
  /** The state that it must complete before the parent goes beyond it. */
  readonly until: number | null;
  /** Fingerprint of what else is wished. */
  readonly fingerprint: string;
  /** Whether a branch with this key is to be replaced by a new one. */
  readonly again: boolean;
}

const nameOf = (build: Build): string => `${build.project}:${build.buildNumber}`;

/** @throws BuildClosedError */
function checkOpen(build: Build, { until }: ForkWish): void {
  if (build.status === 'completed' && until === null) return;
  if (build.status === 'completed') {
    throw new BuildClosedError(
      `Build ${nameOf(build)} is completed and cannot wait for a branch any more. Fork without \`until\`.`,
      { context: { build_id: build.id, status: build.status, until } },
    );
  }
  checkNotClosed(build);
}

/** @throws IllegalTransitionError when the build has not got so far */
function checkFork(draft: BuildDraft, fromState: number): void {
  const done = draft.records.filter(({ outcome }) => outcome !== null).map(({ state }) => state);
  if (fromState === 0 || done.includes(fromState)) return;
  const { stateCodes } = draft.project;
  throw new IllegalTransitionError(
    `Build ${nameOf(draft.build)} has not completed state ${fromState} (${stateName(stateCodes, fromState)}). ` +
      `Fork from ${done.length > 0 ? `0 or one of ${done.join(', ')}` : '0'}.`,
    { context: { from_state: fromState, completed_states: done } },
  );
}

/** @throws IllegalTransitionError when the parent cannot wait there */
function checkUntil({ build, project }: BuildDraft, fromState: number, until: number | null): void {
  if (until === null) return;
  const last = lastStateOf(build, project.stateCodes);
  const problem =
    until <= fromState
      ? `lies not beyond the fork at state ${fromState}`
      : until > last
        ? `lies beyond the build's last state ${last}`
        : until < build.currentState
          ? `was passed: the build is at state ${build.currentState}`
          : undefined;
  if (problem === undefined) return;
  throw new IllegalTransitionError(
    `Build ${nameOf(build)} cannot wait at state ${until} for a branch: it ${problem}. ` +
      `Name a state from ${Math.max(fromState + 1, build.currentState)} to ${last} as \`until\`, or leave it out.`,
    { context: { until, from_state: fromState, current_state: build.currentState } },
  );
}

/** @throws AlreadyExistsError when the key stands for a branch that was forked otherwise */
function checkSame({ build }: BuildDraft, known: Branch, wish: ForkWish): void {
  const same =
    (wish.fromState === null || wish.fromState === known.fromState) &&
    wish.until === known.until &&
    wish.fingerprint === known.fingerprint &&
    (!wish.ownId || wish.buildId === known.buildId);
  if (same) return;
  const { branchKey, buildId, fromState, until } = known;
  throw new AlreadyExistsError(
    `Build ${nameOf(build)} has a branch "${branchKey}" already, forked with other parameters ` +
      `(from_state ${fromState}, until ${until ?? 'none'}). Name the same ones, use another key, ` +
      'or replace the branch with `again`.',
    { context: { build_id: buildId, branch_key: branchKey, from_state: fromState, until } },
  );
}

/**
 * Forks a build: remembers the branch in it, so that the one change decides whether the build had got so far, and from
 * then on waits for the branch. Asking for the same again answers the same branch.
 * @throws BuildClosedError, IllegalTransitionError, AlreadyExistsError, LimitError
 */
export function decideFork(draft: BuildDraft, wish: ForkWish): Branch {
  const branches = draft.build.branches ?? [];
  const known = branches.find(({ branchKey }) => branchKey === wish.branchKey);
  const renewed = known !== undefined && (wish.again || known.undoneAt !== null);
  if (known !== undefined && (!renewed || known.buildId === wish.buildId)) {
    checkSame(draft, known, wish);
    return known;
  }
  checkOpen(draft.build, wish);
  const fromState = wish.fromState ?? draft.build.lastSuccessfulState;
  checkFork(draft, fromState);
  checkUntil(draft, fromState, wish.until);
  const branch: Branch = {
    branchKey: wish.branchKey,
    buildId: wish.buildId,
    fromState,
    until: wish.until,
    generation: (known?.generation ?? 0) + 1,
    fingerprint: wish.fingerprint,
    replaces: known?.buildId ?? null,
    letGoAt: null,
    undoneAt: null,
  };
  const others = branches.filter((one) => one !== known);
  if (others.length >= maxBranches) {
    throw new LimitError(
      `Build ${nameOf(draft.build)} has ${maxBranches} branches, the most that a build may have. ` +
        'Fork from one of its branches instead.',
      { context: { limit: maxBranches } },
    );
  }
  draft.patch({ branches: [...others, branch] });
  draft.event('build.branched', {
    branch_key: branch.branchKey,
    build_id: branch.buildId,
    from_state: fromState,
    until: branch.until,
    ...(known !== undefined && { replaces: known.buildId }),
  });
  return branch;
}

/**
 * Lets a build go on without one of its branches, which lives on by itself. Again: nothing changes.
 * @throws NotFoundError
 */
export function decideLetGo(draft: BuildDraft, branchKey: string): void {
  const branches = draft.build.branches ?? [];
  const known = branches.find((branch) => branch.branchKey === branchKey);
  if (known === undefined) {
    const keys = branches.map((branch) => branch.branchKey).join(', ');
    throw new NotFoundError(
      `Build ${nameOf(draft.build)} has no branch "${branchKey}". ${keys === '' ? 'It has none.' : `It has ${keys}.`}`,
      { context: { build_id: draft.build.id, branch_key: branchKey } },
    );
  }
  if (known.letGoAt !== null) return;
  const changed = branches.map((branch) => (branch === known ? { ...known, letGoAt: draft.now } : branch));
  draft.patch({ branches: changed });
  draft.event('build.branch_let_go', { branch_key: branchKey, build_id: known.buildId });
}

/** Marks the branches that were forked from states which a rollback undoes. */
export function undoForks(draft: BuildDraft, target: number): void {
  const { branches } = draft.build;
  if (branches == null || branches.every(({ fromState }) => fromState <= target)) return;
  draft.patch({
    branches: branches.map((branch) =>
      branch.fromState > target && branch.undoneAt === null ? { ...branch, undoneAt: draft.now } : branch,
    ),
  });
}
