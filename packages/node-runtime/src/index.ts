export { systemClock } from './clock/system-clock.ts';
export { createNodeCrypto, startSha256 } from './crypto/node-crypto.ts';
export { errorCode, isErrorWithCode } from './files/error-code.ts';
export { withFileLock } from './files/file-lock.ts';
export { type FileSystemProbe, fileSystemType, isNetworkFileSystem } from './files/file-system-type.ts';
export { type LockWait, withHolderLock } from './files/holder-lock.ts';
export { makePrivateFolder } from './files/private-folder.ts';
export { spaceErrorOf } from './files/space-error.ts';
export { syncFolder } from './files/sync-folder.ts';
export {
  type Environment,
  type FolderOptions,
  userCacheFolder,
  userConfigFolder,
  userDataFolder,
  userStateFolder,
} from './files/user-folders.ts';
export { type AtomicWriteOptions, writeFileAtomic } from './files/write-file-atomic.ts';
export { currentIdentity } from './identity/current-identity.ts';
export { holderGone, type ProcessTable } from './identity/holder-gone.ts';
export { type ProcessFacts, processFacts } from './identity/process-stat.ts';
export { createIds } from './ids/create-ids.ts';
export { describeKeyRing, type KeyDescription } from './keys/describe-key-ring.ts';
export { type KeyRingSource, loadKeyRing } from './keys/load-key-ring.ts';
export { type RotateOptions, rotateKeyRing } from './keys/rotate-key-ring.ts';
