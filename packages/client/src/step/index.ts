export { exitCodeOf, signalExitCode } from './command/exit-code.ts';
export {
  type Interrupts,
  ManualInterrupts,
  ProcessInterrupts,
  type StopListener,
  stopSignals,
} from './command/interrupts.ts';
export type { Need, Product, StepDefinition } from './definition.ts';
export { SecretMasker, shortestSecret } from './output/secret-masker.ts';
export { runStep, type StepRequest } from './run-step.ts';
export type { LeaseOptions } from './state/acquire-lease.ts';
export type { Interruption, RetryDecisionRecord, StepResult } from './state/step-result.ts';
export type { Notes, Surroundings } from './surroundings.ts';
