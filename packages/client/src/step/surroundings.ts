import type { Writable } from 'node:stream';
import type { Clock } from '@buildstate/core';
import type { Environment } from '@buildstate/node-runtime';
import type { TransferProgress } from '../artifact/progress.ts';
import type { BuildStateClient } from '../client.ts';
import type { Interrupts } from './command/interrupts.ts';
import type { SecretMasker } from './output/secret-masker.ts';

/** Where a step says what it does, in sentences for people. */
export interface Notes {
  /** Something worth knowing. */
  info(text: string): void;
  /** Something is off, and the work goes on. */
  warn(text: string): void;
}

/** Shows how far one transfer is. */
export interface Meter {
  /** Told by the transfer. */
  readonly onProgress: (progress: TransferProgress) => void;
  /** Told when it is over, well or badly. */
  finish(): Promise<void>;
}

/** What surrounds the steps of one process: everything that they share. */
export interface Surroundings {
  /** The tracker. */
  readonly client: BuildStateClient;
  /** The project's folder: commands run here, and relative paths start here. Absolute. */
  readonly folder: string;
  /** The environment that commands get, before what is added about the build. */
  readonly environment: Environment;
  /** Where commands' standard output goes. */
  readonly stdout: Writable;
  /** Where commands' standard error goes. */
  readonly stderr: Writable;
  /** Hides secrets in whatever is shown or recorded. */
  readonly masker: SecretMasker;
  /** What asks the work to stop. */
  readonly interrupts: Interrupts;
  /** Time. */
  readonly clock: Clock;
  /** Where it is said what happens. */
  readonly notes: Notes;
  /** Makes a meter for a transfer; `what` is a few words for it. @default transfers are not shown */
  readonly meter?: ((what: string) => Meter) | undefined;
  /** Refuse to work while the tracker is away, instead of keeping reports on disk. */
  readonly strict: boolean;
  /** Replace files at the places of needed artifacts, whatever is in them. */
  readonly force: boolean;
  /** Folder for the bytes of artifacts while the tracker is away. Absolute. */
  readonly fallbackFolder: string;
  /** Folder for notes about commands that run, for whoever takes a build over on this machine. Absolute. */
  readonly notesFolder: string;
}
