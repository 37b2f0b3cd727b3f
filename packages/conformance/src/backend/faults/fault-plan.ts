/** Which requests a fault befalls. */
export interface FaultRule<Operation extends string, Fault> {
  readonly operation: Operation;
  readonly fault: Fault;
  /** Requests of the operation that pass before the first one that is hit. @default 0 */
  readonly after?: number;
  /** Requests that are hit. @default 1 */
  readonly times?: number;
}

/** Rules in the order in which they were added; each is used up as it says. */
export class FaultPlan<Operation extends string, Fault> {
  readonly #rules: { readonly rule: FaultRule<Operation, Fault>; skip: number; left: number }[] = [];

  /** Adds a rule. */
  add(rule: FaultRule<Operation, Fault>): void {
    this.#rules.push({ rule, skip: rule.after ?? 0, left: rule.times ?? 1 });
  }

  /** The fault for the next request of an operation, if one is due. */
  next(operation: Operation): Fault | undefined {
    for (const entry of this.#rules) {
      if (entry.rule.operation !== operation || entry.left === 0) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return entry.rule.fault;
    }
    return undefined;
  }

  /** How often rules are still waiting to strike. */
  get pending(): number {
    return this.#rules.reduce((sum, { left }) => sum + (Number.isFinite(left) ? left : 0), 0);
  }
}
