import type { VerifiedEvents } from '@buildstate/client';
import type { View } from '../output/view.ts';

/** What was checked. */
export interface VerifiedCounts {
  /** Builds. */
  readonly builds: number;
  /** Events that are right. */
  readonly events: number;
  /** Builds with a good signature. */
  readonly signed: number;
}

const some = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What a check of histories found. @param only the one build that was checked, when it was one */
export function verifiedEventsView(
  counts: VerifiedCounts,
  bad: readonly VerifiedEvents[],
  only?: VerifiedEvents,
): View {
  return {
    body: {
      ...counts,
      ...(only !== undefined && { hash: only.hash, end: only.end, signedSeq: only.signedSeq }),
      problems: bad.map(({ buildId, buildNumber, project, problem }) => ({
        buildId,
        buildNumber,
        project,
        ...problem,
      })),
    },
    ids: () => bad.map(({ buildId }) => buildId),
    text: (style) => {
      const looked = `${some(counts.builds, 'build')}, ${some(counts.events, 'event')}`;
      if (bad.length === 0) {
        const until = only === undefined ? `${counts.signed} signed` : `signed up to event ${only.signedSeq}`;
        const found = style.good(`${looked} verified (${until}): nothing is wrong.`);
        return only === undefined ? found : `${found}\nIt ends with ${only.end}`;
      }
      return bad
        .map(({ project, buildNumber, buildId, problem }) =>
          style.bad(
            `${project}:${buildNumber} (${buildId}): event ${problem?.seq ?? 0} ${problem?.problem ?? ''}`,
          ),
        )
        .join('\n');
    },
  };
}
