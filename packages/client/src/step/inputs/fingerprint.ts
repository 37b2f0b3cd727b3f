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
  const { digest, command, files, needs, variables } = value;
  if (typeof digest !== 'string' || typeof command !== 'string') return undefined;
  return isTexts(files) && isTexts(needs) && isTexts(variables)
    ? { digest, command, files, needs, variables }
    : undefined;
}

/** What differs between two maps, as `subject changed`, `subject is new`, `subject` and how it went. */
function differences(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  name: (key: string) => string,
  gone = 'is gone',
): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return keys.flatMap((key) => {
    if (before[key] === now[key]) return [];
    if (before[key] === undefined) return [`${name(key)} is new`];
    return [now[key] === undefined ? `${name(key)} ${gone}` : `${name(key)} changed`];
  });
}

/** What changed between two fingerprints, one short sentence each; empty when they are equal. */
export function changedInputs(before: StepFingerprint, now: StepFingerprint): string[] {
  if (before.digest === now.digest) return [];
  return [
    ...(before.command === now.command ? [] : ['the command changed']),
    ...('*' in before.files || '*' in now.files
      ? differences(before.files, now.files, () => 'the set of input files').slice(0, 1)
      : differences(before.files, now.files, (path) => path)),
    ...differences(
      before.needs,
      now.needs,
      (name) => `the artifact "${name}"`,
      'is no longer needed by the step',
    ),
    ...differences(
      before.variables,
      now.variables,
      (key) => `the variable ${key}`,
      'is no longer declared by the step',
    ),
  ];
}
