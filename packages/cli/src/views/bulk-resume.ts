import type { BulkResumeOutcome } from '@buildstate/client';
import { fromProblem, type Problem } from '@buildstate/core/light';
import { exitCodeOf } from '../errors/known-error.ts';
import { ageOf } from '../output/amounts.ts';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';

type Result = BulkResumeOutcome['results'][number];

const words: Readonly<Record<Result['outcome'], string>> = {
  requested: 'requested',
  would_be_requested: 'would be requested',
  already_requested: 'requested before',
  refused: 'refused',
};

/** The exit code of a command of which some parts were refused: that of the first refusal, else 0. */
export function refusalCode(problems: readonly (Problem | null | undefined)[]): number {
  const first = problems.find((problem) => problem !== null && problem !== undefined);
  return first === null || first === undefined ? 0 : exitCodeOf(fromProblem(first, first.status));
}

function told({ problem, errorMessage }: Result): string | null {
  return problem === null ? errorMessage : problem.detail;
}

/** What came of asking many failed builds to go on. */
export function bulkResumeView(outcome: BulkResumeOutcome): View {
  const { results, examined } = outcome;
  return {
    body: outcome,
    ids: () => results.map(({ buildId }) => buildId),
    text: (style) =>
      results.length === 0
        ? `None of ${examined} failed builds is meant.`
        : table(style, results, [
            { title: 'Build', value: ({ project, buildNumber }) => `${project}:${buildNumber}` },
            { title: 'Failed at', value: ({ failedState }) => failedState?.toString(), align: 'right' },
            {
              title: 'Age',
              value: ({ failedAt }) => (failedAt === null ? undefined : ageOf(failedAt, style.now)),
              align: 'right',
            },
            { title: 'Outcome', value: (result) => words[result.outcome] },
            { title: 'From', value: ({ resumeFromState }) => resumeFromState?.toString(), align: 'right' },
            { title: 'Why', value: told, cuttable: true },
          ]),
  };
}
