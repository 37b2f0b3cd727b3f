export { DocumentStore, type DocumentStoreOptions } from './document-store.ts';
export type { DocumentDriver, DriverTraits, ListedKeys, StoredDocument } from './driver.ts';
export { FileDriver, type FileDriverOptions } from './file/file-driver.ts';
export { openFileStore } from './file/open-file-store.ts';
export type { DocumentLimits } from './limits.ts';
export type { SweepResult } from './sweep.ts';
