import type { BatchOutcome } from '@buildstate/client';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';
import { paintStatus } from './build.ts';

function summary({ recorded, refused, notTried }: BatchOutcome): string {
  const rest = notTried > 0 ? `, ${notTried} not tried` : '';
  return `${recorded} recorded, ${refused} refused${rest}.`;
}

function batchText(outcome: BatchOutcome, style: Style): string {
  const { results } = outcome;
  if (results.length === 0) return summary(outcome);
  const rows = table(style, results, [
    { title: 'Report', value: ({ index }) => String(index + 1), align: 'right' },
    { title: 'State', value: ({ answer }) => answer?.state.toString(), align: 'right' },
    { title: 'Outcome', value: ({ answer }) => (answer ? paintStatus(style, answer.status) : 'refused') },
    { title: 'Why', value: ({ problem }) => problem?.detail, cuttable: true },
  ]);
  return `${rows}\n${summary(outcome)}`;
}

/** What became of many reports. */
export function batchView(outcome: BatchOutcome): View {
  const last = outcome.results.findLast(({ answer }) => answer !== undefined)?.answer;
  return {
    body: outcome,
    ids: () => outcome.results.flatMap(({ answer }) => answer?.id ?? []),
    text: (style) => batchText(outcome, style),
    variables: () => ({
      BLDST_BUILD_ID: last?.buildId,
      BLDST_STATE: last?.currentState,
      BLDST_STATUS: last?.buildStatus,
      RESUME_STATE: last?.failedState ?? undefined,
    }),
  };
}
