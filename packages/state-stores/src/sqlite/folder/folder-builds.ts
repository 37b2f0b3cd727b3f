import type { BuildChange, Lease, LoadedBuild, LoadNeeds, Logger, Project } from '@buildstate/core';
import { attemptStatuses, StoreError } from '@buildstate/core/light';
import type { SqlStore } from '../../sql/sql-store.ts';
import type { BuildFiles } from './build-files.ts';
import type { Creation, FolderIndex } from './folder-index.ts';

/** What the builds of a folder need besides their files and the index. */
export interface FolderContext {
  /** The builds' files. */
  readonly files: BuildFiles;
  /** What is known of them together. */
  readonly index: FolderIndex;
  /** A project as the folder has it now. */
  readonly project: (id: string) => Promise<Project | undefined>;
  /** Told when the index could not follow. */
  readonly logger: Logger;
}

/** What searches look at. */
const everyRow: LoadNeeds = {
  attempts: { stateAbove: -1, statuses: attemptStatuses },
  artifacts: 'all',
};

/** Milliseconds between two repairs for those who ask all the time: each looks at every file. */
const repairPauseMs = 2000;

/**
 * Builds, each in a file of its own. The order of writing makes a crash at any point harmless: first the index takes
 * id and number and keeps what creates the build, then the file gets it, then the index gets a copy. After a commit the
 * copy follows the file; where it did not, the file looks different from what the index remembers of it.
 */
export class FolderBuilds {
  readonly #context: FolderContext;
  #repairAgainAt = 0;

  constructor(context: FolderContext) {
    this.#context = context;
  }

  /** See `StateStore.createBuild` and `WholeBuilds.restoreBuild`. */
  async create(creation: Creation): Promise<{ readonly existing?: string }> {
    const { projectId } = creation.head.build;
    if ((await this.#context.project(projectId)) === undefined) {
      // Once the index has taken the number, there would be no way back.
      throw new StoreError(`The project ${projectId} of a new build does not exist.`);
    }
    const taken = await this.#context.index.claim(creation);
    if (taken === undefined) {
      await this.#make(creation);
      return {};
    }
    const entry = await this.#context.index.entry(taken);
    if (entry?.creation !== undefined) await this.#make(entry.creation);
    return { existing: taken };
  }

  /** See `StateStore.loadBuild`. */
  async load(id: string, needs?: LoadNeeds): Promise<LoadedBuild | undefined> {
    const { files, index, project } = this.#context;
    const entry = await index.entry(id);
    if (entry === undefined) return undefined;
    if (entry.creation !== undefined) await this.#make(entry.creation);
    this.#mustHaveFile(id);
    const loaded = await files.use(id, (store) => store.loadBuild(id, needs));
    if (loaded === undefined) return undefined;
    if (loaded.snapshot.build.version !== entry.version) await this.#refresh(id);
    // The file has the project as it was when the build was made.
    const current = await project(loaded.snapshot.project.id);
    return current === undefined ? loaded : { ...loaded, snapshot: { ...loaded.snapshot, project: current } };
  }

  /** See `StateStore.commitBuild`. */
  async commit(change: BuildChange): Promise<'applied' | 'conflict'> {
    const { id } = change.head.build;
    const result = await this.within(id, (store) => store.commitBuild(change), 'conflict');
    if (result === 'applied') await this.#follow(id, () => this.#refresh(id));
    return result;
  }

  /** See `StateStore.renewLease`. */
  async renewLease(id: string, token: number): Promise<Lease | undefined> {
    const lease = await this.within(id, (store) => store.renewLease(id, token), undefined);
    if (lease !== undefined) await this.#follow(id, () => this.#context.index.renew(id, lease));
    return lease;
  }

  /** Does something with the file of a build, or answers `otherwise` when there is no such build. */
  async within<T>(id: string, work: (store: SqlStore) => Promise<T>, otherwise: T): Promise<T> {
    const { files, index } = this.#context;
    if (files.stamp(id) === undefined) {
      const entry = await index.entry(id);
      if (entry === undefined) return otherwise;
      if (entry.creation !== undefined) await this.#make(entry.creation);
      this.#mustHaveFile(id);
    }
    return files.use(id, work);
  }

  /** Copies what is left of a build whose history is gone, so that nothing that was read before is copied any more. */
  async copyTrimmed(id: string): Promise<void> {
    await this.#refresh(id);
    await this.#copyRows(id);
  }

  /** Completes the builds whose makers died. One that cannot be made must not keep people from the others. */
  async finishCreations(): Promise<void> {
    for (const creation of await this.#context.index.unfinished()) {
      try {
        await this.#make(creation);
      } catch (error) {
        this.#warn(creation.head.build.id, error, 'A build that was begun could not be completed.');
      }
    }
  }

  /**
   * Makes the index agree with the files of all builds that may have moved on without it. A file that is missing or
   * damaged must not keep people from the other builds; whoever loads its build gets the error.
   */
  async repair(): Promise<void> {
    await this.finishCreations();
    const { files, index } = this.#context;
    for (const [id, remembered] of await index.stamps()) {
      if (files.stamp(id) === remembered) continue;
      try {
        this.#mustHaveFile(id);
        await this.#refresh(id);
      } catch (error) {
        this.#warn(id, error, 'The file of a build cannot be read.');
      }
    }
  }

  /** The same for those who ask all the time, once in a while. */
  async repairNowAndThen(): Promise<void> {
    const now = performance.now();
    if (now < this.#repairAgainAt) return;
    this.#repairAgainAt = now + repairPauseMs;
    await this.repair();
  }

  /**
   * Makes the index agree with the files in what searches look at: what builds have gathered, too. Builds that nobody
   * touched since the last time cost nothing.
   */
  async copyRows(): Promise<void> {
    await this.repair();
    for (const id of await this.#context.index.uncopied()) {
      try {
        this.#mustHaveFile(id);
        await this.#copyRows(id);
      } catch (error) {
        this.#warn(id, error, 'What a build has gathered cannot be read for a search.');
      }
    }
  }

  async #copyRows(id: string): Promise<void> {
    const { files, index } = this.#context;
    const loaded = await files.use(id, (store) => store.loadBuild(id, everyRow));
    if (loaded === undefined) return;
    const { snapshot, attempts, artifacts } = loaded;
    await index.copyRows({ buildId: id, version: snapshot.build.version, attempts, artifacts });
  }

  async #make(creation: Creation): Promise<void> {
    const { id, projectId } = creation.head.build;
    const project = await this.#context.project(projectId);
    await this.#context.files.use(id, async (store) => {
      // The file is complete in itself: whoever gets it can query and use it alone.
      if (project !== undefined) await store.saveProject(project, 0);
      // Where another process was faster, the build is there already, and that is as good.
      if ('variableHistory' in creation) await store.restoreBuild(creation);
      else await store.createBuild(creation);
    });
    await this.#refresh(id);
  }

  /** The commit is durable and counts, whatever becomes of the copy: the next list repairs it. */
  async #follow(id: string, copy: () => Promise<void>): Promise<void> {
    try {
      await copy();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#context.logger.warn(
        { build_id: id, reason },
        'The index of the folder could not follow a commit.',
      );
    }
  }

  #warn(id: string, error: unknown, message: string): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#context.logger.warn({ build_id: id, reason }, message);
  }

  async #refresh(id: string): Promise<void> {
    const { files, index } = this.#context;
    // Before the build is read: a commit in between makes the stamp look old, and the copy is made again.
    const stamp = files.stamp(id) ?? '';
    const loaded = await files.use(id, (store) => store.loadBuild(id, { resumeRequests: true }));
    if (loaded === undefined) return;
    const { snapshot, resumeRequests } = loaded;
    const { project: _, ...head } = snapshot;
    await index.refresh({ head, resumeRequests, stamp });
  }

  #mustHaveFile(id: string): void {
    const { files } = this.#context;
    if (files.stamp(id) !== undefined) return;
    throw new StoreError(`The file ${files.path(id)} of build ${id} is missing. Restore it from a backup.`, {
      context: { build_id: id, file: files.path(id) },
    });
  }
}
