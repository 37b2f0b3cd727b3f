/** Whether a tracker can be used now. */
export interface Health {
  /** `ok` when it can. */
  readonly status: string;
  /** The tracker's own time: ISO 8601, UTC. */
  readonly timestamp: string;
}
