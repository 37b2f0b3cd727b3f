import type { StepDefinition } from '../definition.ts';
import type { Surroundings } from '../surroundings.ts';
import type { BuildHandle } from './build-handle.ts';
import type { Memory } from './memory.ts';

/** A state that is to be run. */
export interface StateWork {
  /** Where the work is done. */
  readonly around: Surroundings;
  /** The build and its lease. */
  readonly build: BuildHandle;
  /** The step. */
  readonly step: StepDefinition;
  /** What is known of the build and of files. */
  readonly memory: Memory;
  /** URI under which products are stored. @default the build's artifact base */
  readonly place?: string | undefined;
  /** A sentence that is said once the state has been let start, such as why it runs though it is done. */
  readonly opening?: string | undefined;
}
