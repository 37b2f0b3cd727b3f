export { type FsBackendOptions, openFsBackend } from './open-fs-backend.ts';
