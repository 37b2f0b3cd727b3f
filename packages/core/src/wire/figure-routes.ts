import type { Route } from './route.ts';

const read = { method: 'GET', scope: 'read', status: 200, repeatable: true } as const;

/** What is answered over all builds that the caller may see. */
export const figureRoutes = {
  compareBuilds: {
    ...read,
    path: '/builds/compare',
    tag: 'Figures',
    summary: 'Compare two to ten builds, state by state',
  },

  getDashboardSummary: {
    ...read,
    path: '/dashboard/summary',
    tag: 'Dashboard',
    summary: 'How many builds stand how, and the newest of them',
  },
  listRecentBuilds: {
    ...read,
    path: '/dashboard/recent',
    tag: 'Dashboard',
    summary: 'The newest builds',
  },
  getPlatformDashboard: {
    ...read,
    path: '/dashboard/platform/{id}',
    tag: 'Dashboard',
    summary: 'How the builds for one platform stand',
  },

  getResumeStats: {
    ...read,
    path: '/metrics/resumes/stats',
    tag: 'Figures',
    summary: 'What became of resume requests',
  },
  getTimeSaved: {
    ...read,
    path: '/metrics/resumes/time-saved',
    tag: 'Figures',
    summary: 'How much work was not done again because builds were resumed',
  },
  getStorageUsage: {
    ...read,
    path: '/metrics/artifacts/storage-usage',
    tag: 'Figures',
    summary: 'How much artifacts take, by backend and type',
  },
  getResumeSuccessRate: {
    ...read,
    path: '/metrics/builds/resume-success-rate',
    tag: 'Figures',
    summary: 'How the builds stand that were resumed',
  },

  getDurationTrends: {
    ...read,
    path: '/trends/durations',
    tag: 'Figures',
    summary: 'How long states take, over time',
  },
  getFailureTrends: {
    ...read,
    path: '/trends/failures',
    tag: 'Figures',
    summary: 'How often states fail, over time',
  },
} as const satisfies Record<string, Route>;
