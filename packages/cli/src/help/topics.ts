/** What each topic is about, for the list of topics. */
export const topicSummaries: Readonly<Record<string, string>> = {
  artifact: 'Upload, download and inspect what states produced.',
  auth: 'Store and forget API keys.',
  build: 'Create builds, report their progress, resume them.',
  config: 'See and change settings.',
  help: 'Explain things.',
  job: 'Link CI jobs to builds.',
  project: 'Manage projects.',
  'resumable-state': 'Configure which states can be resumed, and how.',
  'retry-policy': 'Configure how failed states are tried again.',
  'state-code': "Manage a project's catalogue of states.",
  token: 'Make and revoke API keys.',
  variable: 'Set and read what a resumed build needs.',
};
