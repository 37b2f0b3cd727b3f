import type { BuildComparison } from '@buildstate/client';
import { shortDuration } from '../output/amounts.ts';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';

type Side = BuildComparison['states'][number]['builds'][number];

/** What a build did at a state, in a few words. */
function sideText({ status, attempts, durationSeconds, artifactChecksum }: Side): string {
  if (status === null) return '-';
  return [
    status,
    attempts > 1 ? `after ${attempts} tries` : undefined,
    durationSeconds === null ? undefined : shortDuration(durationSeconds),
    artifactChecksum?.slice(0, 8),
  ]
    .filter(Boolean)
    .join(' ');
}

/** Builds side by side; states where something is not the same are marked. */
export function comparisonView(comparison: BuildComparison): View {
  const { builds, states, differingStates } = comparison;
  return {
    body: comparison,
    ids: () => builds.map(({ id }) => id),
    text: (style) =>
      `${table(style, states, [
        {
          title: 'State',
          value: ({ state, stateName, differs }) => `${state} ${stateName}${differs.length > 0 ? ' *' : ''}`,
          paint: (text, { differs }) => (differs.length > 0 ? style.warn(text) : text),
        },
        ...builds.map(({ project, buildNumber }, index) => ({
          title: `${project}:${buildNumber}`,
          value: (row: BuildComparison['states'][number]) =>
            row.builds.slice(index, index + 1).map(sideText)[0],
        })),
        {
          title: 'Differs in',
          value: ({ differs }) => differs.join(', ').replaceAll('_', ' '),
          cuttable: true,
        },
      ])}\n\n${differingStates} of ${states.length} states differ.`,
  };
}
