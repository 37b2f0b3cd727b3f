import { createHash } from 'node:crypto';
import type { JsonObject } from '@buildstate/core';
import { canonicalJson } from '@buildstate/core/light';

/** What decides whether a completed step would do the same again. */
export interface StepInputs {
  /** What is run: an argv, or a script with its shell. */
  readonly command: readonly string[];
  /** SHA-256 of every input file, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Digest of every needed artifact, by name. */
  readonly needs: Readonly<Record<string, string>>;
  /** Every declared variable by key: its value, or for a sensitive one only when it was set. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where it makes every product, by name. */
  readonly products: Readonly<Record<string, string>>;
}

/** The inputs of a step in the form that is recorded with its attempt. Holds digests, never values. */
export interface StepFingerprint {
  /** SHA-256 over everything below. */
  readonly digest: string;
  /** SHA-256 of the command. */
  readonly command: string;
  /** SHA-256 by path; only their digest under `*` when there are too many to list. */
  readonly files: Readonly<Record<string, string>>;
  /** Digest by name. */
  readonly needs: Readonly<Record<string, string>>;
  /** SHA-256 by key. */
  readonly variables: Readonly<Record<string, string>>;
  /** SHA-256 of what is to be made and where; older records have none. */
  readonly products?: string;
}

/** One input that is not what it was. */
export interface InputChange {
  /** What kind of input it is. */
  readonly kind: 'command' | 'file' | 'artifact' | 'variable' | 'products';
  /** Path, name or key; `*` for all files when there are too many to list; empty for the command and the products. */
  readonly name: string;
  /** Its digest when the state was completed; `null`: it was none of the inputs. */
  readonly before: string | null;
  /** Its digest now; `null`: it is gone, or none of the inputs any more. */
  readonly after: string | null;
  /** What happened to it, as words. */
  readonly text: string;
}

/** The field of an attempt's metadata that holds the fingerprint. */
export const fingerprintField = 'step_inputs';

/** Metadata of a report is limited in size; so many paths fit with room to spare. */
const mostListed = 250;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function listed(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const paths = Object.keys(files);
  const long = paths.length > mostListed || paths.some((path) => path.length > 160);
  return long ? { '*': sha256(canonicalJson(files)) } : files;
}

/** The fingerprint of inputs. Equal inputs have equal digests, in whatever folder and on whatever machine. */
export function fingerprint(inputs: StepInputs): StepFingerprint {
  const variables = Object.entries(inputs.variables).map(([key, value]) => [key, sha256(value)] as const);
  const parts = {
    command: sha256(canonicalJson(inputs.command)),
    files: listed(inputs.files),
    needs: inputs.needs,
    variables: Object.fromEntries(variables),
    products: sha256(canonicalJson(inputs.products)),
  };
  return { digest: sha256(canonicalJson(parts)), ...parts };
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((member) => typeof member === 'string')
  );
}

/** The fingerprint in an attempt's metadata, or `undefined` when it was recorded without one. */
export function recordedFingerprint(metadata: JsonObject): StepFingerprint | undefined {
  const value = metadata[fingerprintField] as Record<string, unknown> | null | undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const { digest, command, files, needs, variables, products } = value;
  if (typeof digest !== 'string' || typeof command !== 'string') return undefined;
  return isTexts(files) && isTexts(needs) && isTexts(variables)
    ? { digest, command, files, needs, variables, ...(typeof products === 'string' && { products }) }
    : undefined;
}

type Kind = InputChange['kind'];

/** What differs between two maps of digests: `subject changed`, `subject is new`, or `subject` and how it went. */
function differences(
  kind: Kind,
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  subject: (name: string) => string,
  gone = 'is gone',
): InputChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return names.flatMap((name) => {
    const [was, is] = [before[name] ?? null, now[name] ?? null];
    if (was === is) return [];
    const how = was === null ? 'is new' : is === null ? gone : 'changed';
    return [{ kind, name, before: was, after: is, text: `${subject(name)} ${how}` }];
  });
}

/** What differs between two digests of one thing. */
function difference(kind: Kind, before: string, now: string, text: string): InputChange[] {
  return before === now ? [] : [{ kind, name: '', before, after: now, text }];
}

/** The files of a fingerprint as one, when either of two has too many to list. */
function filesChanged(before: StepFingerprint['files'], now: StepFingerprint['files']): InputChange[] {
  if (!('*' in before || '*' in now)) return differences('file', before, now, (path) => path);
  const whole = (files: StepFingerprint['files']) => ({ '*': files['*'] ?? sha256(canonicalJson(files)) });
  return differences('file', whole(before), whole(now), () => 'the set of input files');
}

/** What changed between two fingerprints, one entry for each input; empty when they are equal. */
export function changedInputs(before: StepFingerprint, now: StepFingerprint): InputChange[] {
  if (before.digest === now.digest) return [];
  return [
    ...difference('command', before.command, now.command, 'the command changed'),
    ...difference(
      'products',
      before.products ?? now.products ?? '',
      now.products ?? '',
      'what the step makes changed',
    ),
    ...filesChanged(before.files, now.files),
    ...differences(
      'artifact',
      before.needs,
      now.needs,
      (name) => `the artifact "${name}"`,
      'is no longer needed by the step',
    ),
    ...differences(
      'variable',
      before.variables,
      now.variables,
      (key) => `the variable ${key}`,
      'is no longer declared by the step',
    ),
  ];
}
