/**
 * Which process holds a lease, precise enough that another process on the same machine can tell whether it is
 * gone. Everything but the host is missing where the system does not tell.
 */
export interface HolderIdentity {
  /** Host name, for people. */
  readonly host: string;
  /** Stable id of the machine. */
  readonly machineId?: string;
  /** Id of this boot of the machine. */
  readonly bootId?: string;
  /** Process-id namespace: containers on one machine have their own numbers. */
  readonly pidNamespace?: string;
  /** Process id within that namespace. */
  readonly pid?: number;
  /** When the process started, in the system's own ticks: numbers are reused, this pair is not. */
  readonly processStartedAt?: string;
  /** Account that runs it. */
  readonly user?: string;
}
