import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '@buildstate/core/light';
import { DocumentStore, type DocumentStoreOptions } from '../document-store.ts';
import { FileDriver } from './file-driver.ts';

/**
 * The store in a folder, to be opened with `open()`.
 * @param uri `file:///folder`; the folder is made when it is missing
 * @throws ConfigurationError when the address names no folder of this machine
 */
export function openFileStore(uri: string, options: DocumentStoreOptions = {}): DocumentStore {
  return new DocumentStore(new FileDriver(folderOf(uri)), options);
}

function folderOf(uri: string): string {
  const malformed = (cause?: unknown) =>
    new ConfigurationError(`"${uri}" names no folder. Write file:///var/lib/builds, with three slashes.`, {
      cause,
    });
  if (!/^file:\/\/\/[^/?#]/.test(uri) || /[?#]/.test(uri)) throw malformed();
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw malformed(error);
  }
}
