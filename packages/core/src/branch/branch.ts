import type { Timestamp } from '../build/timestamp.ts';

/** What a parent remembers of a branch: enough to know whom it waits for, and whether a fork is asked for again. */
export interface Branch {
  /** The branch's key, unique within its parent. */
  readonly branchKey: string;
  /** UUID of the build that is the branch. */
  readonly buildId: string;
  /** The state after which it begins. */
  readonly fromState: number;
  /** The state that it must complete before the parent goes beyond it; `null`: the parent does not wait. */
  readonly until: number | null;
  /** 1, 2, …: how often the key was forked. */
  readonly generation: number;
  /** Fingerprint of the other wishes that it was forked with. */
  readonly fingerprint: string;
  /** UUID of the build whose place it took, when its key was forked again. */
  readonly replaces: string | null;
  /** Since when the parent goes on without it. */
  readonly letGoAt: Timestamp | null;
  /** Since when the parent is rolled back to before the fork, so that the branch is of work that was undone. */
  readonly undoneAt: Timestamp | null;
}

/** Most branches that one build remembers. */
export const maxBranches = 100;
/** Most forks between a build and the build at the root of its tree. */
export const maxBranchDepth = 5;
/** Longest key of a branch. */
export const longestBranchKey = 63;
/** What keys of branches are made of: they become part of the build's number, of paths and of file names. */
export const branchKeyPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;

/** The number of a branch's build: `parent/key`, and with `~2` and so on when its key is forked again. */
export function branchNumber(parentNumber: string, branchKey: string, generation: number): string {
  return `${parentNumber}/${branchKey}${generation === 1 ? '' : `~${generation}`}`;
}
