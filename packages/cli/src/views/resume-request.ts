import type { RequestedResume, ResumeRequestRecord } from '@buildstate/client';
import { ageOf, moment } from '../output/amounts.ts';
import type { Style } from '../output/style.ts';
import { details, table } from '../output/table.ts';
import type { View } from '../output/view.ts';
import { resumeFindings } from './resume-context.ts';

/** A request that a build goes on. */
export function resumeRequestView(request: ResumeRequestRecord): View {
  return {
    body: request,
    ids: () => [request.id],
    variables: () => ({ BLDST_BUILD_ID: request.buildId, RESUME_STATE: request.resumeFromState }),
    text: (style) => requestText(request, style),
  };
}

function requestText(request: ResumeRequestRecord, style: Style): string {
  return details(style, [
    ['Request', request.id],
    ['Build', request.buildId],
    ['From state', String(request.resumeFromState)],
    ['To state', request.resumeToState?.toString()],
    ['Reason', request.resumeReason],
    ['Asked by', request.requestedBy],
    ['Status', request.orchestrationStatus],
    ['Job', request.orchestrationJobUrl ?? request.orchestrationJobId],
    ['Error', request.errorMessage],
    ['Asked', moment(request.createdAt, style.now)],
  ]);
}

/** A request just made, with which states run again because of it. */
export function requestedResumeView(request: RequestedResume): View {
  return {
    ...resumeRequestView(request),
    text: (style) =>
      [
        requestText(request, style),
        ...resumeFindings(style, {
          reasons: request.reasons ?? [],
          rerunStates: request.rerunStates ?? [],
          missing: request.missing ?? [],
        }),
      ].join('\n'),
  };
}

/** The requests that a build goes on. */
export function resumeRequestListView(requests: readonly ResumeRequestRecord[]): View {
  return {
    body: requests,
    ids: () => requests.map(({ id }) => id),
    text: (style) =>
      requests.length === 0
        ? 'No resume requests.'
        : table(style, requests, [
            { title: 'Id', value: ({ id }) => id },
            { title: 'From', value: ({ resumeFromState }) => String(resumeFromState), align: 'right' },
            { title: 'To', value: ({ resumeToState }) => resumeToState?.toString(), align: 'right' },
            { title: 'Status', value: ({ orchestrationStatus }) => orchestrationStatus },
            { title: 'Age', value: ({ createdAt }) => ageOf(createdAt, style.now), align: 'right' },
            { title: 'Asked by', value: ({ requestedBy }) => requestedBy, cuttable: true },
            { title: 'Reason', value: ({ resumeReason }) => resumeReason, cuttable: true },
          ]),
  };
}
