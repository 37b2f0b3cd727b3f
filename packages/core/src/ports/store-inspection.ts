/** What a store says of itself as a whole. */
export interface StoreInspection {
  /** Version of the layout in which it keeps things; `null` where there is none. */
  readonly schemaVersion: number | null;
  /** How much room it takes, in bytes; `null` where nobody knows. */
  readonly bytes: number | null;
  /** How many there are of each, deleted ones included. */
  readonly counts: {
    /** Projects. */
    readonly projects: number;
    /** Builds. */
    readonly builds: number;
    /** Attempts of all builds. */
    readonly attempts: number;
    /** Artifacts of all builds. */
    readonly artifacts: number;
  };
}

/** The part of a store that looks at the store as a whole, for people who look after it. */
export interface StoreInspections {
  /** What there is, and how much room it takes. Documents and memory are counted one by one. */
  inspect(): Promise<StoreInspection>;
  /**
   * What is wrong with the medium below the records, as sentences without their full stop: pages that do not fit
   * together, rows that point nowhere. Reads all of it where the medium can be checked; says nothing where it cannot.
   */
  findDamage(): Promise<readonly string[]>;
}
