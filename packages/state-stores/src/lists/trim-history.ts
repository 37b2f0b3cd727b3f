import type { Build, EndedBuildQuery, HistoryCut, WholeBuild } from '@buildstate/core';
import type { Order } from '@buildstate/core/light';

/** Builds by their end. */
export const endOrder: Order<Build> = {
  shape: ['string', 'string'],
  key: ({ endTime, deletedAt, id }) => [endTime ?? deletedAt ?? '', id],
};

/** Whether a list of ended builds shows this one. */
export function matchesEnded(build: Build, { history, endedBefore }: EndedBuildQuery): boolean {
  const end = build.endTime ?? build.deletedAt;
  return build.history === history && end !== null && end < endedBefore;
}

/** A build without the history that goes, for stores that write it anew. See `Histories.trimHistory`. */
export function trimmed(whole: WholeBuild, { upToSeq, history }: Omit<HistoryCut, 'limit'>): WholeBuild {
  return {
    ...whole,
    head: { ...whole.head, build: { ...whole.head.build, history } },
    attempts: [],
    variables: [],
    variableHistory: [],
    resumeRequests: [],
    jobs: [],
    events: whole.events.filter(({ seq }) => seq > upToSeq),
    reports: reportsKept(whole),
  };
}

/** Answers to reports that made no attempt. */
export function reportsKept({
  reports,
  attempts,
}: Pick<WholeBuild, 'reports' | 'attempts'>): WholeBuild['reports'] {
  const gone = new Set(attempts.map(({ eventId }) => eventId));
  return reports.filter(({ eventId }) => !gone.has(eventId));
}
