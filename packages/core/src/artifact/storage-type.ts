import { ValidationError } from '../errors/validation-error.ts';

/** Spellings that mean the same store. What the user wrote is what is kept. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  s3: ['s3', 'aws_s3', 'aws-s3', 'aws', 'minio', 'r2', 'ceph-rgw'],
  'azure-blob': ['azure-blob', 'azure_blob', 'azure', 'azureblob'],
  gcs: ['gcs', 'gcp_storage', 'gcp', 'gs', 'google-cloud-storage'],
  local: ['local', 'file', 'fs', 'filesystem'],
};

/** Which schemes a known store may have. `https` is left out on purpose: every store has such addresses. */
const schemes: Readonly<Record<string, string>> = {
  's3:': 's3',
  'gs:': 'gcs',
  'azure-blob:': 'azure-blob',
  'file:': 'local',
};

/** The common name of a known store, else the text in lower case. */
export function canonicalBackend(text: string): string {
  const lower = text.toLowerCase();
  return Object.entries(spellings).find(([, all]) => all.includes(lower))?.[0] ?? lower;
}

/** The scheme of an address with its colon, in lower case. One letter is the drive of a Windows path. */
function schemeOf(path: string): string | undefined {
  return /^[a-z][a-z0-9+.-]+:/i.exec(path)?.[0].toLowerCase();
}

/** What is worth a warning about a place, without being wrong. */
export function placeWarnings(path: string): string[] {
  const shown = path.slice(0, 120);
  return schemeOf(path) === undefined
    ? [`"${shown}" names no scheme; write file://, s3://, … so that other machines can find it.`]
    : [];
}

/**
 * Refuses a known store with another known store's scheme.
 * @throws ValidationError that names both
 */
export function checkPlace(storageType: string, path: string, field: string): void {
  const scheme = schemeOf(path);
  const owner = scheme === undefined ? undefined : schemes[scheme];
  const named = canonicalBackend(storageType);
  if (owner === undefined || !Object.hasOwn(spellings, named) || owner === named) return;
  const message = `is a ${owner} address (${scheme}//), but the storage type is "${storageType}"`;
  throw new ValidationError(`${field} ${message}.`, { problems: [{ path: field, message }] });
}
