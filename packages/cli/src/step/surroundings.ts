import { join, resolve } from 'node:path';
import type { BuildStateClient } from '@buildstate/client';
import type { Interrupts, Surroundings } from '@buildstate/client/step';
import { systemClock, userDataFolder, userStateFolder } from '@buildstate/node-runtime';
import type { OutputFormat } from '../output/formats.ts';
import type { ProgressForm } from '../output/progress-meter.ts';
import { isColourful, styleOf } from '../output/style.ts';
import { transferMeter } from '../output/transfer-progress.ts';
import { writeText } from '../output/write-text.ts';
import type { Session } from '../session/session.ts';
import { childOutput } from './child-output.ts';

/** What a command line says about how its commands are run. */
export interface StepSettings {
  /** The tracker. */
  readonly client: BuildStateClient;
  /** Stop signals. */
  readonly interrupts: Interrupts;
  /** The format of the result: when machines read standard output, commands print to standard error. */
  readonly format: OutputFormat;
  /** How transfers are shown. */
  readonly progress: ProgressForm;
  /** Names of environment variables whose values are hidden. */
  readonly secrets: readonly string[];
  /** Refuse to work while the tracker is away. */
  readonly strict: boolean;
  /** Replace files at the places of needed artifacts. */
  readonly force: boolean;
}

/** Environment variables that are secret whoever runs the command. */
const alwaysSecret = [
  'BLDST_API_KEY',
  'BLDST_KEYRING',
  'ARTIFACT_SIGNING_KEY',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
];

/** What surrounds the commands of this command line. */
export async function surroundings(session: Session, settings: StepSettings): Promise<Surroundings> {
  const { env, stdout, stderr, cwd, now } = session;
  const { SecretMasker } = await import('@buildstate/client/step');
  const masker = new SecretMasker(
    [...alwaysSecret, ...settings.secrets].map((name) => env[name] ?? '').filter((value) => value !== ''),
  );
  const style = styleOf(isColourful(stderr, env), now());
  const say = (text: string) => void writeText(stderr, `${masker.text(text)}\n`);
  return {
    client: settings.client,
    folder: resolve(cwd),
    environment: env,
    stdout: childOutput(settings.format === 'table' ? stdout : stderr),
    stderr: childOutput(stderr),
    masker,
    interrupts: settings.interrupts,
    clock: systemClock,
    notes: {
      info: (text) => say(`${style.dim('bldst:')} ${text}`),
      warn: (text) => say(`${style.dim('bldst:')} ${style.warn('warning:')} ${text}`),
    },
    meter: (what) => transferMeter(what, settings.progress, session),
    strict: settings.strict,
    force: settings.force,
    fallbackFolder: join(env.BLDST_DATA_DIR || userDataFolder(env), 'artifacts'),
    notesFolder: join(userStateFolder(env), 'commands'),
  };
}
