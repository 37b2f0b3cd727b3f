/** Structured fields of a log line. Never put secrets here: loggers redact, but only what they recognise. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the engine says what it does. The shape is pino's, so that a pino logger can be passed as it is. */
export interface Logger {
  /** Details for somebody who is looking for a fault. */
  debug(fields: LogFields, message: string): void;
  /** Something worth knowing happened. */
  info(fields: LogFields, message: string): void;
  /** Something is off, and the work goes on. */
  warn(fields: LogFields, message: string): void;
  /** The work could not be done. */
  error(fields: LogFields, message: string): void;
}

/** A logger that says nothing, for libraries and tests. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
