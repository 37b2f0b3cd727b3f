/** Whether trying a failed state again can help. `persistent` failures are never retried by themselves. */
export const failureCategories = ['transient', 'persistent', 'unknown'] as const;
/** Whether trying a failed state again can help. */
export type FailureCategory = (typeof failureCategories)[number];
