import type { Project } from '@buildstate/core';
import { deepFreeze } from '../deep-freeze.ts';

const capacity = 500;

/**
 * Projects as they were last read, so that a decision about a build does not read a whole catalogue each time. Whoever
 * looks one up has just read the stored revision: an entry with another one is not used.
 */
export class ProjectCache {
  readonly #projects = new Map<string, Project>();

  /** The project, if it is known at this revision. */
  get(id: string, revision: number): Project | undefined {
    const project = this.#projects.get(id);
    if (project?.revision !== revision) return undefined;
    this.#projects.delete(id);
    this.#projects.set(id, project);
    return project;
  }

  /** Keeps a project as it was read. From now on nobody can change it. */
  set(project: Project): void {
    this.#projects.delete(project.id);
    this.#projects.set(project.id, deepFreeze(project));
    const [oldest] = this.#projects.keys();
    if (this.#projects.size > capacity && oldest !== undefined) this.#projects.delete(oldest);
  }
}
