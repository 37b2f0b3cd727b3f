/** What the operations on artifacts, variables, resuming, jobs and keys do, for the API's documentation. */
export const resumeDescriptions = {
  registerArtifact:
    'Registers what a state produced. The same name with the same bytes and place answers the existing record; from a later attempt it becomes a new version; otherwise it is a conflict, or with `replace` takes the place.',
  listArtifacts:
    'Artifacts by state, then by age. Superseded and deleted ones only with `include_deleted=true`.',
  getArtifact: 'One artifact, by its id or by the name of a live one.',
  updateArtifact: 'Changes what may change of a record: name, flags, expiry, metadata.',
  deleteArtifact: 'Marks a record as deleted. The bytes are left to the clean-up.',
  verifyArtifact:
    'Looks whether the bytes are there with their size, with `deep` whether they hash to their checksum, where the server can reach them. Callers that looked themselves say what they saw in `verification_status`.',
  setVariable:
    'Sets a variable; an existing one is replaced and its old value kept in history. Sensitive values are sealed at rest and never listed.',
  listVariables: 'Variables by key. Of sensitive ones everything but the value.',
  getVariableDict: 'Keys and values of all variables that are not sensitive, as one object.',
  getVariable: 'One variable. The value of a sensitive one is answered to keys with the `write` scope only.',
  updateVariable: 'Changes value or flags of a variable.',
  deleteVariable: 'Deletes a variable. Its history is kept.',
  getResumeContext:
    'All that a worker needs to go on: the state to resume from, the artifacts and variables for it, and what is missing. `verify=true` checks that artifacts exist with their size, `verify=deep` re-hashes them.',
  requestResume:
    'Asks that a failed or abandoned build goes on. A build has one open request; asking again answers that one.',
  bulkResume:
    'Asks of up to 1,000 failed builds, newest first, that they go on, and tells for each what was requested or why not. At least one of `project_id`, `failed_since` and `matching` says which are meant. Builds with an open request answer that one, so that it may be sent again. `next_cursor` goes on behind them.',
  listResumeRequests: 'Resume requests of a build, newest first.',
  getResumeRequest: 'One resume request.',
  updateResumeRequest: 'Reports how far the orchestration of a resume request has come.',
  linkJob: 'Links the CI job that works on a build.',
  listJobs: 'CI jobs of a build, oldest first.',
  updateJob: 'Changes the status of a linked CI job.',
  getCaller: 'The id, scopes and project of the key that the request carries.',
  createToken:
    "Makes a key, never with wider scopes than the caller's own. The answer is the one time that it is shown; only its hash is stored.",
  listTokens: 'All keys with their scopes, expiry and last use, without their secrets.',
  eraseUser:
    'Takes a name away for good: what was done stays, by somebody who is called `erased-…` from then on, and every chain of events stays as it is. Keys that the person made are revoked. Texts that people wrote are not touched; `dry_run` says where they hold the name.',
  revokeToken: 'Makes a key worthless within a second, on every instance of the server.',
} as const;
