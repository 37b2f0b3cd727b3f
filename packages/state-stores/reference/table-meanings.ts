/** What each table is, by its name. */
export const tableMeanings: Readonly<Record<string, string>> = {
  actors:
    'Whose name stands behind the ids `actor-…` that all other tables have; join it to see names. An erased one has none.',
  api_tokens: 'API keys: never the key, only the SHA-256 of its secret.',
  artifact_parents: 'Which artifacts an artifact was made from: the edges of the graph of lineage.',
  build_artifacts:
    'What states produced: where it is, its checksum, whether a build can resume from it. Nothing is deleted; `deleted_at` says when a record was.',
  build_events:
    'Everything that happened to a build, numbered without gaps and chained by hashes: history, audit trail and outbox in one.',
  build_failures:
    'Failed attempts, as a view: with category, component, and whether a later attempt at the state was completed.',
  build_jobs: 'CI jobs behind builds.',
  build_state_records:
    'What decisions need to know of each state of a build, kept beside its attempts so that a transition reads little.',
  build_states: 'Attempts: every try at a state, with how it went and what it made. They are kept for ever.',
  build_variable_history: 'Values that variables had before.',
  build_variables:
    'Values that a resumed build needs. Sensitive ones are sealed; the database alone does not open them.',
  builds: 'One run that makes one image: where it is and how it is. `version` grows with every change.',
  cloud_providers: 'Clouds that builds are for.',
  duties:
    'Work in the background that one instance at a time does: who has it, until when, and how it ended last.',
  failure_patterns: "A project's own patterns, by which failures are told to be transient or not.",
  image_types: 'Types of images.',
  image_variants: 'Variants of images.',
  keyed_requests: 'Answers to requests that carried an `Idempotency-Key`, for a day.',
  leases: 'Who may advance a build, until when, and the fencing token, which only grows.',
  os_distributions: 'Distributions of operating systems.',
  os_versions: 'Versions of operating systems.',
  platforms: 'Platforms that images are for.',
  projects: 'Families of images, with the place where their artifacts go.',
  reports:
    'The `event_id` of every report that was counted and what was answered, so that each counts once, for ever.',
  resumable_states: 'Which states of a project can be resumed, how, and what that needs.',
  resume_requests: 'Requests that a build goes on, and how far each has come.',
  retry_policies: 'How failed states are tried again; a row without a state is the default of its project.',
  state_codes: "Projects' catalogues of states. Entries are deprecated, never removed.",
  users: 'People, by the id that events name.',
};
