import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, IntegrityError } from '@buildstate/core/light';
import { isErrorWithCode } from '@buildstate/node-runtime';

/** The file in a backup that says what is in it. */
export const manifestName = 'manifest.json';
const formatName = 'buildstate-backup';
const formatVersion = 1;

/** How the store is kept in a backup. */
export type BackupForm = 'sqlite-file' | 'sqlite-folder' | 'archive';

/** A file of a backup. */
export interface BackupFile {
  /** Its path in the backup's folder, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** What a backup is. */
export interface BackupManifest {
  /** When it was made: ISO 8601. */
  readonly madeAt: string;
  /** The store: its kind, and where it was, without credentials. */
  readonly store: { readonly kind: string; readonly uri: string };
  /** How it is kept. */
  readonly form: BackupForm;
  /** The files, the one to begin with first. */
  readonly files: readonly BackupFile[];
}

/** Size and digest of a file. */
export async function fileFacts(folder: string, path: string): Promise<BackupFile> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(join(folder, path))) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { path, size, sha256: hash.digest('hex') };
}

/** The text of a manifest. */
export function manifestText({ madeAt, store, form, files }: BackupManifest): string {
  const content = { format: formatName, format_version: formatVersion, made_at: madeAt, store, form, files };
  return `${JSON.stringify(content, null, 2)}\n`;
}

async function textOfManifest(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, manifestName), 'utf8');
  } catch (cause) {
    if (!isErrorWithCode(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new ConfigurationError(
      `${folder} is not a backup: it has no ${manifestName}. Backups are made with \`bldst store backup\`; ` +
        'an exported file comes back with `bldst store import`.',
      { cause },
    );
  }
}

interface WireManifest {
  readonly format?: unknown;
  readonly format_version?: unknown;
  readonly made_at: string;
  readonly store: BackupManifest['store'];
  readonly form: BackupForm;
  readonly files: readonly BackupFile[];
}

function parse(text: string, folder: string): WireManifest {
  try {
    const wire = JSON.parse(text) as WireManifest;
    if (wire.format === formatName && Array.isArray(wire.files)) return wire;
  } catch (cause) {
    throw new IntegrityError(`${manifestName} in ${folder} is not JSON; the backup is damaged.`, { cause });
  }
  throw new ConfigurationError(`${manifestName} in ${folder} is not that of a backup of BuildState.`);
}

/**
 * Reads the manifest of a backup and compares every file with it.
 * @throws ConfigurationError when it is no backup, or one of a newer form; IntegrityError when a file is missing or was
 *   changed
 */
export async function readBackup(folder: string): Promise<BackupManifest> {
  const wire = parse(await textOfManifest(folder), folder);
  if (wire.format_version !== formatVersion) {
    throw new ConfigurationError(
      `The backup ${folder} has version ${String(wire.format_version)} of its form; this BuildState reads version ` +
        `${formatVersion}. Update BuildState.`,
    );
  }
  for (const file of wire.files) await checkFile(folder, file);
  return { madeAt: wire.made_at, store: wire.store, form: wire.form, files: wire.files };
}

async function checkFile(folder: string, file: BackupFile): Promise<void> {
  if (!/^[\w%.-]+$/.test(file.path) || file.path.startsWith('.'))
    throw new IntegrityError(`The manifest in ${folder} names ${file.path}, which is no file of a backup.`);
  try {
    await stat(join(folder, file.path));
  } catch (cause) {
    throw new IntegrityError(`The file ${file.path} of the backup ${folder} is missing.`, { cause });
  }
  const found = await fileFacts(folder, file.path);
  if (found.size === file.size && found.sha256 === file.sha256) return;
  throw new IntegrityError(
    `The file ${file.path} of the backup ${folder} was changed: its SHA-256 is ${found.sha256}, not ${file.sha256}.`,
  );
}
