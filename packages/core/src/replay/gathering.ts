import type { Artifact } from '../artifact/artifact.ts';
import type { Attempt } from '../build/attempt.ts';
import type { LoadedRecords } from '../build/draft.ts';
import type { BuildHead } from '../build/snapshot.ts';
import type { BuildEvent } from '../event/event.ts';
import type { BuildChange } from '../ports/state-store.ts';
import type { WholeBuild } from '../ports/whole-builds.ts';

/** What changes of one build add up to, without a store. Only attempts, artifacts and events: a replay makes no others. */
export class Gathering {
  readonly #attempts = new Map<string, Attempt>();
  readonly #artifacts = new Map<string, Artifact>();
  readonly #events: BuildEvent[] = [];

  /** Adds a change. */
  add(change: BuildChange): void {
    for (const attempt of change.attempts) this.#attempts.set(attempt.id, attempt);
    for (const artifact of change.artifacts) this.#artifacts.set(artifact.id, artifact);
    this.#events.push(...change.events);
  }

  /** What the next decision may need. */
  loaded(): LoadedRecords {
    return {
      attempts: [...this.#attempts.values()],
      artifacts: [...this.#artifacts.values()],
      variables: [],
      resumeRequests: [],
      jobs: [],
    };
  }

  /** The build as a store would give it. */
  whole(head: BuildHead): WholeBuild {
    return {
      head,
      attempts: [...this.#attempts.values()],
      artifacts: [...this.#artifacts.values()],
      variables: [],
      variableHistory: [],
      resumeRequests: [],
      jobs: [],
      events: this.#events,
      reports: [],
    };
  }
}
