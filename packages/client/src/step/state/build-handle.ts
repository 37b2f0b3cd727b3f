import type { HeldLease } from '../../lease/held-lease.ts';
import type { Surroundings } from '../surroundings.ts';
import { isAway } from './away.ts';

/** The build that steps advance. */
export interface BuildHandle {
  /** Its UUID; while the tracker is away, the reference that the user gave. */
  readonly id: string;
  /** How people call it: `project:number`. */
  readonly label: string;
  /** The lease under which it is advanced; `undefined` while the tracker is away. */
  readonly lease: HeldLease | undefined;
}

/** Gives the lease up, which also records an attempt that is still open as abandoned. */
export async function giveUpLease(
  { notes }: Pick<Surroundings, 'notes'>,
  { lease, label }: BuildHandle,
): Promise<void> {
  try {
    await lease?.release();
  } catch (error) {
    if (!isAway(error)) throw error;
    notes.warn(
      `The tracker is away, so the lease on ${label} could not be given up. It ends ${lease?.ttlSeconds} s after its last renewal.`,
    );
  }
}
