import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { systemClock } from '@buildstate/node-runtime';
import { onTestFinished } from 'vitest';
import type { BuildStateClient } from '../../src/client.ts';
import { connect } from '../../src/connect/connect.ts';
import type { ConnectOptions } from '../../src/connect/options.ts';
import { ManualInterrupts } from '../../src/step/command/interrupts.ts';
import { SecretMasker } from '../../src/step/output/secret-masker.ts';
import { runStep, type StepRequest } from '../../src/step/run-step.ts';
import type { StepResult } from '../../src/step/state/step-result.ts';
import type { Surroundings } from '../../src/step/surroundings.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A writable that keeps what was written. */
export class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Surroundings of a test, with what was said and printed. */
export interface Bench extends Surroundings {
  readonly stdout: Kept;
  readonly stderr: Kept;
  readonly interrupts: ManualInterrupts;
  readonly said: string[];
}

/** A client over a store of its own, or over a given tracker. */
export async function openClient(url?: string, options: ConnectOptions = {}): Promise<BuildStateClient> {
  const home = temporaryFolder();
  const client = await connect(url ?? `sqlite://${join(home, 'store')}`, {
    env: { HOME: home, PATH: process.env.PATH },
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** Surroundings in a folder of their own. */
export function bench(client: BuildStateClient, more: Partial<Bench> = {}): Bench {
  const said: string[] = [];
  const folder = more.folder ?? temporaryFolder();
  mkdirSync(folder, { recursive: true });
  return {
    client,
    folder,
    environment: { PATH: process.env.PATH, HOME: folder },
    stdout: new Kept(),
    stderr: new Kept(),
    masker: new SecretMasker(),
    interrupts: new ManualInterrupts(),
    clock: systemClock,
    said,
    notes: { info: (text) => said.push(text), warn: (text) => said.push(`warning: ${text}`) },
    strict: false,
    force: false,
    fallbackFolder: join(temporaryFolder(), 'artifacts'),
    notesFolder: join(temporaryFolder(), 'commands'),
    ...more,
  };
}

/** A new build; answers its id. */
export async function newBuild(client: BuildStateClient, project = 'images'): Promise<string> {
  return (await client.builds.create({ project })).id;
}

/** A step of a shell script. */
export function step(
  around: Surroundings,
  build: string,
  state: number | string,
  script: string,
  more: Partial<StepRequest> = {},
): Promise<StepResult> {
  return runStep(around, {
    build,
    state,
    argv: ['sh', '-euc', script],
    produces: [],
    needs: [],
    inputs: [],
    variables: [],
    retry: false,
    ...more,
  });
}

/** The attempts of a build as `state status`. */
export async function history(client: BuildStateClient, build: string): Promise<string[]> {
  const attempts = await client.builds.attempts(build).all();
  return attempts.map(({ state, status }) => `${state} ${status}`);
}
