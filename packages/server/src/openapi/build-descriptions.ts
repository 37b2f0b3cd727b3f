/** What the operations on builds do, for the API's documentation. */
export const buildDescriptions = {
  createBuild:
    'Registers a build. References are given by id or by name; unknown names are made on first use where the server allows it. With a client-made `id` a repetition answers the same build.',
  listBuilds: 'Builds, newest first. Text search (`q`) looks at numbers and descriptions.',
  getBuild: 'A build with its open attempt, its last failure and its live lease. `ETag` is its version.',
  updateBuild: 'Changes description or metadata.',
  deleteBuild: 'Hides a build from lists. Nothing is erased.',
  recordState:
    'Records one transition: names a state by `state`, `state_code` or `state_name`, and how it went by `status` (default `completed`). On a failure the answer has the `retry_decision`. A report with a known `event_id` answers what the first one answered.',
  recordStates:
    'Records many transitions in their order: a JSON array, or one report a line as `application/x-ndjson`, at most 16 MiB and 10,000 reports. Each has its own result, as if it had come alone; one that is refused does not keep the later ones from being recorded, unless `stop_on_error=true`. With an `event_id` in each report the whole batch may be sent again.',
  getBuildState: 'Where a build is, how it came there, and where it failed.',
  listAttempts: 'Every attempt at every state, oldest first.',
  recordFailure:
    'Records that a state failed (default: the current one). The category decides on a retry: `is_retryable` or `category` wins, then the error code, then known patterns of messages.',
  rejectReport:
    'Notes that a report which a worker kept on its disk while the server was away was refused when it came: the event `report.rejected` with the reason. Until somebody retries the build or rolls it back, it needs attention.',
  listFailures: 'Failed attempts with category, component and resolution, oldest first.',
  retryBuild:
    'Clears the failure of a build by hand: the state may start again, and its count of tries begins anew. Only for a failed build.',
  rollbackBuild:
    'Goes back to an earlier completed state, or to 0. Later attempts become `rolled_back`; their artifacts are kept, and no longer used for resuming.',
  cancelBuild: 'Gives a build up. An open attempt becomes `abandoned`.',
  listEvents:
    'Every change of a build, oldest first, numbered by `seq` without gaps. Each event carries the hash of the one before. With `Accept: text/event-stream` the history and then new events as they happen; `id` is `seq`, and `Last-Event-ID` goes on behind it.',
  verifyEvents:
    'Computes the chain of a build anew, from its first event to its last, and checks the signatures of checkpoints with the key ring: the ends of builds and every 100th event are signed when they are recorded. Finds events that were changed, moved, added or taken out, and chains that were computed anew.',
  listAllEvents:
    'What happened to all builds that the key may read, newest first; with `after`, oldest first from there. Events never appear before one that was answered already. Conditions are tried on some thousands of events at a time, so that a page may be short, or empty, though `Link` names a next one. With `Accept: text/event-stream` new events as they happen, from now on, or from `since`, or behind `Last-Event-ID` (a `position`; `0` for all). Stores that keep each build by itself answer `not_supported`.',
  acquireLease:
    'Acquires the right to advance a build until it expires. The token in the answer fences: reports under the lease carry it, and older tokens are refused. While another lease is live the answer is `state_in_progress` with that lease in `context`.',
  renewLease:
    'A heartbeat: the lease lives for another `ttl_seconds`. Refused with `lease_lost` when it is not the newest.',
  claimBuild:
    'Gives a worker the oldest build that waits, and its lease, in one step: one that nobody has begun, that goes on where nobody works at it, that failed and is due again, or whose holder is gone. `states` says what the worker can do; the state that the build would do next must be one of them. With `wait_seconds` the answer comes as soon as there is a build. 204: there is none. Sent again with its `Idempotency-Key`, it answers the same lease.',
  releaseLease: 'Gives a lease up, so that the next holder need not wait. Giving it up twice is no error.',
} as const;
