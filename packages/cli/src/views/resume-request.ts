import type { ResumeRequestRecord } from '@buildstate/client';
import { moment } from '../output/amounts.ts';
import { details } from '../output/table.ts';
import type { View } from '../output/view.ts';

/** A request that a build goes on. */
export function resumeRequestView(request: ResumeRequestRecord): View {
  return {
    body: request,
    ids: () => [request.id],
    variables: () => ({ BLDST_BUILD_ID: request.buildId, RESUME_STATE: request.resumeFromState }),
    text: (style) =>
      details(style, [
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
      ]),
  };
}
