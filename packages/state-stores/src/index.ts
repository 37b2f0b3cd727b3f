export { openStateStore, type StateStoreOptions, stateStoreSchemes } from './registry.ts';
export { traceOfStore } from './trace-of-store.ts';
