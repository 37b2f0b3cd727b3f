/** One operation of a history: what a client asked for, when, and what it was answered. */
export interface Operation<Input, Output> {
  /** Who asked; clients ask one thing after the other. */
  readonly client: number;
  readonly input: Input;
  /** When it was asked, on a clock that all clients share. */
  readonly called: number;
  /** When the answer came; `null`: none came, and it may have happened at any time since, or never. */
  readonly returned: number | null;
  /** What was answered; `null` where no answer came. */
  readonly output: Output | null;
}

/** What operations mean when they happen one after the other. */
export interface SequentialSpec<State, Input, Output> {
  readonly initial: State;
  /** The state after an operation, and its answer. Must not change `state`. */
  readonly step: (state: State, input: Input) => { readonly state: State; readonly output: Output };
  /** Whether an answer that was seen is the one that the step gives. */
  readonly same: (seen: Output, expected: Output) => boolean;
  /** A text that two states share only if nothing tells them apart. */
  readonly key: (state: State) => string;
}
