import type { Build } from '../build/build.ts';

/** A build that was looked at. */
interface Looked {
  /** Its version then. */
  readonly version: number;
  /** When it has to be looked at again though it has not changed, on the monotonic clock. */
  readonly at: number;
}

/**
 * When which running build is to be looked at again, so that a turn reads the few that have changed or whose time has
 * come, and not all of them. Forgotten with the process; then all are looked at once more.
 */
export class StallSchedule {
  #known: Map<string, Looked> = new Map();
  #next: Map<string, Looked> = new Map();

  /** How many builds are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /** Whether a build is to be looked at now. One that is not stays as it is. */
  isDue({ id, version }: Pick<Build, 'id' | 'version'>, monotonic: number): boolean {
    const known = this.#known.get(id);
    if (known === undefined || known.version !== version || known.at <= monotonic) return true;
    this.#next.set(id, known);
    return false;
  }

  /** A build was looked at, at this version. */
  looked({ id, version }: Pick<Build, 'id' | 'version'>, at: number): void {
    this.#next.set(id, { version, at });
  }

  /** A turn is over: builds that it has not come across run no more and are forgotten. */
  turn(): void {
    this.#known = this.#next;
    this.#next = new Map();
  }
}
