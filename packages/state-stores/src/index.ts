export { openStateStore, type StateStoreOptions, stateStoreSchemes } from './registry.ts';
