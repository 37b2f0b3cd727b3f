import type { RetryPolicyRecord } from '@buildstate/client';
import { shortDuration } from '../output/amounts.ts';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';

/** Retry policies of a project. */
export function retryPolicyListView(policies: readonly RetryPolicyRecord[], body: unknown = policies): View {
  return {
    body,
    ids: () => policies.map(({ stateCode }) => (stateCode === null ? 'default' : String(stateCode))),
    text: (style) =>
      table(style, policies, [
        {
          title: 'State',
          value: ({ stateCode }) => (stateCode === null ? 'default' : String(stateCode)),
          align: 'right',
        },
        { title: 'Strategy', value: ({ policy }) => policy.strategy },
        { title: 'Attempts', value: ({ policy }) => String(policy.maxAttempts), align: 'right' },
        { title: 'Delay', value: ({ policy }) => shortDuration(policy.initialDelaySeconds), align: 'right' },
        { title: 'At most', value: ({ policy }) => shortDuration(policy.maxDelaySeconds), align: 'right' },
        { title: 'Times', value: ({ policy }) => String(policy.multiplier), align: 'right' },
        { title: 'Jitter', value: ({ policy }) => policy.jitter },
        { title: 'Retry on', value: ({ policy }) => policy.retryOn.join(', ') },
        { title: 'Notify on', value: ({ policy }) => policy.notifyOn },
      ]),
  };
}
