import type { StepDefinition } from '../definition.ts';
import type { StepFingerprint } from '../inputs/fingerprint.ts';
import type { PlannedNeed } from '../needs/restore-needs.ts';
import type { Surroundings } from '../surroundings.ts';
import type { BuildHandle } from './build-handle.ts';
import type { BuildMaterial, Memory } from './memory.ts';

/** One try at a state, with all that was found out before it. */
export interface AttemptPlan {
  /** Where the work is done. */
  readonly around: Surroundings;
  /** The build and its lease. */
  readonly build: BuildHandle;
  /** The step. */
  readonly step: StepDefinition;
  /** Its inputs as they are now. */
  readonly inputs: StepFingerprint;
  /** The digest by which its outputs are found again; see `reuseKey`. */
  readonly madeFrom: string | undefined;
  /** What the build has gathered. */
  readonly material: BuildMaterial;
  /** What has to be fetched. */
  readonly needs: readonly PlannedNeed[];
  /** What is known of the build and of files. */
  readonly memory: Memory;
  /** URI under which products are stored. @default the build's artifact base */
  readonly place?: string | undefined;
  /** A sentence that is said once the tracker has let the state start. */
  readonly opening?: string | undefined;
}
