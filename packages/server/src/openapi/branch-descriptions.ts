/** What the operations on branches do, for the API's documentation. */
export const branchDescriptions = {
  forkBuild:
    'Forks a branch: a build `parent/key` that begins after a state which the parent has completed, and inherits its resumable artifacts and its variables up to there. With `until` the parent reports nothing beyond that state before the branch has completed it, which ends the branch. The same key with the same parameters answers the same branch; with others it is refused with `already_exists`.',
  letBranchGo:
    'The parent no longer waits for the branch, which lives on by itself. The way out when a branch is cancelled or not needed any more.',
  getTree:
    'The whole tree from its root, whichever of its builds is named: every build before its branches, with what it waits for. At most 1,000 builds.',
} as const;
