export { type ExitCode, exitCodes, passThroughOffset } from './errors/exit-codes.ts';
