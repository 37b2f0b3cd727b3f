/** The lowest and the highest state code. The code doubles as per cent. */
export const firstState = 0;
/** The highest state code. */
export const lastState = 100;

/** Whether a value is a state code: an integer from 0 to 100. */
export function isStateCode(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= firstState && value <= lastState;
}

/** One milestone of a project's catalogue. Entries are never removed, only deprecated. */
export interface StateCode {
  /** UUID. */
  readonly id: string;
  /** 0–100. */
  readonly stateCode: number;
  /** What scripts say: `security-baseline`. */
  readonly name: string;
  /** Other names for the same state. */
  readonly aliases: readonly string[];
  /** What people read: `Security baseline`. */
  readonly displayName: string;
  /** More for people. */
  readonly description: string | null;
  /** Codes that must be completed or skipped before this one starts. */
  readonly prerequisites: readonly number[];
  /** How long it usually takes, until measured durations say better. */
  readonly expectedDurationSeconds: number | null;
  /** Whether builds begin here. */
  readonly isInitial: boolean;
  /** Whether completing it completes the build. Exactly one code of a catalogue is final. */
  readonly isFinal: boolean;
  /** Whether it stands for an error path. */
  readonly isError: boolean;
  /** Since when it should not be used any more. */
  readonly deprecatedAt: string | null;
  /** When it was added. */
  readonly createdAt: string;
}
