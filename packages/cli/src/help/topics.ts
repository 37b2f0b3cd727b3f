/** What each topic is about, for the list of topics. */
export const topicSummaries: Readonly<Record<string, string>> = {
  artifact: 'Upload, download and inspect what states produced.',
  auth: 'Log in, store and forget API keys.',
  build: 'Create builds, report their progress, resume them.',
  config: 'See and change settings.',
  events: 'See what happened to a build.',
  help: 'Explain things.',
  job: 'Link CI jobs to builds.',
  keys: 'See and rotate the key ring that signs artifacts and seals variables.',
  project: 'Manage projects.',
  'resumable-state': 'Configure which states can be resumed, and how.',
  resume: 'Ask that builds go on, and follow it.',
  'retry-policy': 'Configure how failed states are tried again.',
  'state-code': "Manage a project's catalogue of states.",
  store: 'Look after stores: copy, move, back up, check, bring in old data.',
  token: 'Make and revoke API keys.',
  variable: 'Set and read what a resumed build needs.',
};
