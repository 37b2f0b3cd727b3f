import type { BuildTree } from '@buildstate/client';
import { progressBar } from '../output/amounts.ts';
import type { Style } from '../output/style.ts';
import { printable, textWidth } from '../output/text-width.ts';
import type { View } from '../output/view.ts';
import { paintStatus } from './build.ts';
import { leftText } from './outlook.ts';

type TreeBuild = BuildTree['builds'][number];

/** Whether a build has a later sister, so that the line of its branches goes on below it. */
function hasSisterBelow(builds: readonly TreeBuild[], index: number, depth: number): boolean {
  const below = builds.slice(index + 1).find((build) => build.depth <= depth);
  return below?.depth === depth;
}

/** The lines that lead to a build: `├─ `, `│  └─ `. */
function branchLines(builds: readonly TreeBuild[], index: number): string {
  const { depth = 0 } = builds[index] ?? {};
  let lines = '';
  for (let level = 1; level <= depth; level++) {
    const goesOn = hasSisterBelow(builds, index, level);
    if (level === depth) lines += goesOn ? '├─ ' : '└─ ';
    else lines += goesOn ? '│  ' : '   ';
  }
  return lines;
}

/** How a build is, in words, with what it waits for. */
function statusText(build: TreeBuild): string {
  const { status, failedState, blockedBy, letGoAt, undoneAt, eta, attention = [] } = build;
  const waits = blockedBy.map(({ branchKey }) => branchKey).join(', ');
  return [
    failedState !== null && status === 'failed' ? `failed at state ${failedState}` : status,
    waits === ''
      ? undefined
      : `waits at state ${Math.min(...blockedBy.map(({ until }) => until))} for ${waits}`,
    leftText(eta) && `${leftText(eta)} left`,
    attention
      .map(({ reason }) => reason.replaceAll('_', ' '))
      .filter((reason) => reason !== 'failed')
      .join(', '),
    letGoAt === null ? undefined : 'let go',
    undoneAt === null ? undefined : 'of work that was rolled back',
  ]
    .filter(Boolean)
    .join(', ');
}

function treeText({ buildId, builds, truncated }: BuildTree, style: Style): string {
  const rows = builds.map((build, index) => ({
    build,
    name: `${branchLines(builds, index)}${printable(build.branchKey ?? `${build.project}:${build.buildNumber}`)}`,
  }));
  const width = Math.max(...rows.map(({ name }) => textWidth(name)));
  const lines = rows.map(({ build, name }) => {
    const bar = `${progressBar(build.progress, 10)} ${String(build.progress).padStart(3)}%`;
    const where = printable(`State ${build.currentState} - ${build.currentStateDisplayName}`);
    const padded = `${name}${' '.repeat(width - textWidth(name))}`;
    const shown = build.id === buildId ? style.bold(padded) : padded;
    return `${shown}  ${bar}  ${paintStatus(style, build.status, statusText(build))}  ${style.dim(where)}`;
  });
  return [...lines, ...(truncated ? ['There are more builds in this tree than are shown.'] : [])].join('\n');
}

/** A tree of branches; the build that was asked about is set off. */
export function treeView(tree: BuildTree): View {
  return {
    body: tree,
    ids: () => tree.builds.map(({ id }) => id),
    text: (style) => treeText(tree, style),
  };
}
