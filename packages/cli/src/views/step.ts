import type { StepRequest, StepResult } from '@buildstate/client/step';
import type { View } from '../output/view.ts';

/** How a step went, for machines. For people the command's own output is the result. */
export function stepView(result: StepResult, { build, state }: StepRequest): View {
  const { outcome, exitCode } = result;
  return {
    body: {
      build,
      state,
      outcome,
      exitCode: exitCode ?? null,
      ...(result.outcome === 'skipped' && { reason: result.reason }),
      ...(result.outcome === 'failed' && { retryDecision: result.retryDecision ?? null }),
      ...(result.outcome === 'interrupted' && { signal: result.signal }),
    },
    text: () => '',
    variables: () => ({
      BLDST_BUILD_ID: build,
      BLDST_STATE: state,
      BLDST_STATUS: outcome,
      RESUME_STATE: outcome === 'failed' || outcome === 'interrupted' ? state : undefined,
    }),
    ids: () => [outcome],
  };
}
