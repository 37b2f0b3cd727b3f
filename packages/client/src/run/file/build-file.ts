import type { PresetName } from '@buildstate/core';
import type { Need, Product } from '../../step/definition.ts';

/** A command of a build file: a script for a shell, or an argv. */
export type FileCommand =
  | { readonly kind: 'script'; readonly script: string; readonly shell: ShellChoice | undefined }
  | { readonly kind: 'argv'; readonly argv: readonly string[] };

/** Which shell runs scripts: a known one, or a program with arguments that takes the script as its last one. */
export type ShellChoice = 'bash' | 'sh' | readonly string[];

/** A retry policy of a build file, in the fields of the tracker. */
export interface FileRetryPolicy {
  readonly preset?: PresetName | undefined;
  readonly maxAttempts?: number | undefined;
  readonly initialDelaySeconds?: number | undefined;
  readonly maxDelaySeconds?: number | undefined;
  readonly multiplier?: number | undefined;
  readonly jitter?: 'none' | 'full' | undefined;
  readonly retryOn?: ('transient' | 'persistent' | 'unknown')[] | undefined;
}

/** One branch of a build file. */
export interface FileBranch {
  /** Its key. */
  readonly key: string;
  /** What it is made for, where that is not the build's platform. */
  readonly platform: string | undefined;
  /** Environment variables of its commands, over those of the file. */
  readonly env: Readonly<Record<string, string>>;
}

/** What branches of a build do side by side. */
export interface FanOut {
  /** The branches. */
  readonly branches: readonly [FileBranch, ...FileBranch[]];
  /** The states that each of them passes, ascending. */
  readonly states: readonly [FileState, ...FileState[]];
  /** How many run at the same time. */
  readonly parallel: number;
}

/** One state of a build file. */
export interface FileState {
  /** State code. */
  readonly code: number;
  /** Its name, when the file gives one. */
  readonly name: string | undefined;
  /** What runs. */
  readonly command: FileCommand;
  /** What it makes. */
  readonly produces: readonly Product[];
  /** What it needs. */
  readonly needs: readonly Need[];
  /** Patterns of input files. */
  readonly inputs: readonly string[];
  /** Keys of variables that count as inputs. */
  readonly variables: readonly string[];
  /** Whether outputs of earlier builds stand for its own; `undefined`: as the file or the command line says. */
  readonly reuse: boolean | undefined;
  /** Whether failures are tried again. */
  readonly retry: boolean;
  /** The policy that the file sets for the state; without one the project's own counts. */
  readonly policy: FileRetryPolicy | undefined;
  /** Seconds that its command may take. */
  readonly timeoutSeconds: number | undefined;
  /**
   * What its branches do, for a state at which the build waits until all of them have completed it. Such a state has no
   * command of its own that is run.
   */
  readonly fanOut?: FanOut | undefined;
}

/** The states of a file that have commands: those of branches in the place of the state at which they join. */
export function statesWithCommands(states: readonly FileState[]): readonly FileState[] {
  return states.flatMap((state) => state.fanOut?.states ?? [state]);
}

/** A `buildstate.yaml`, read, filled in and checked. */
export interface BuildFile {
  /** The file, absolute. */
  readonly path: string;
  /** Its folder: the project's folder. */
  readonly folder: string;
  /** Name of the project. */
  readonly project: string;
  /** What the image is made for. */
  readonly platform: string | undefined;
  /** The build's number; `auto`: the last unfinished one, else the next. */
  readonly buildNumber: string;
  /** URI under which artifacts are stored. */
  readonly artifacts: string | undefined;
  /** Environment variables of all commands. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of environment variables whose values are hidden. */
  readonly secrets: readonly string[];
  /** Whether outputs of earlier builds stand for those of states that do not say. */
  readonly reuse: boolean;
  /** Commands before the first state. */
  readonly before: readonly FileCommand[];
  /** Commands after the last state that ran. */
  readonly finally: readonly FileCommand[];
  /** The states, ascending. */
  readonly states: readonly [FileState, ...FileState[]];
}
