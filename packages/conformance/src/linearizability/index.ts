export { checkHistory, type Verdict } from './check.ts';
export type { Operation, SequentialSpec } from './history.ts';
