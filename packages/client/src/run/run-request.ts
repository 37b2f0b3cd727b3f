import type { LeaseOptions } from '../step/state/acquire-lease.ts';
import type { BuildFile } from './file/build-file.ts';
import type { WantedBounds } from './plan/bounds.ts';

/** What `bldst run` was asked for. */
export interface RunRequest extends WantedBounds, LeaseOptions {
  /** The build file. */
  readonly file: BuildFile;
  /** Start another build, though one is unfinished. @default false */
  readonly isNew?: boolean | undefined;
  /**
   * Whether states that do not say take what earlier builds have made of the same inputs; `false`: none does, whatever
   * the file says. @default what the file says
   */
  readonly reuse?: boolean | undefined;
  /** Prove the artifacts that the build would go on from: there with their size, or `deep` re-hashed. @default false */
  readonly verify?: boolean | 'deep' | undefined;
  /** Keys of the branches to run where the file has branches. @default all */
  readonly branches?: readonly string[] | undefined;
  /** How many branches run at the same time. @default what the file says */
  readonly parallel?: number | undefined;
}
