import type { Page, Project, ProjectQuery, ProjectRef } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import { type ListOrder, paged, pageOf } from '../page.ts';
import { statementOf } from '../prepared.ts';
import { readRow } from '../read.ts';
import { recordOf } from '../record-table.ts';
import { projects } from '../rows/projects-rows.ts';
import { loadProjects } from './load-projects.ts';
import { ProjectCache } from './project-cache.ts';
import { projectWriter } from './save-project.ts';

const order: ListOrder = {
  list: 'projects',
  columns: [{ name: 'name', type: 'string' }],
  direction: 'asc',
};

/** Projects, each one aggregate. */
export class ProjectTables {
  readonly #context: SqlContext;
  readonly #cache = new ProjectCache();
  readonly #write: ReturnType<typeof projectWriter>;

  constructor(context: SqlContext) {
    this.#context = context;
    this.#write = projectWriter(context.dialect);
  }

  /** See `StateStore.loadProject`. */
  async load(ref: ProjectRef): Promise<Project | undefined> {
    const { dialect, session } = this.#context;
    const rows = dialect.builder.selectFrom('projects');
    const named = 'id' in ref ? rows.where('id', '=', ref.id) : rows.where('name', '=', ref.name);
    const row = await readRow(session, statementOf(dialect, named.select(['id', 'revision'])));
    return row === undefined ? undefined : this.at(String(row.id), Number(row.revision));
  }

  /** A project whose stored revision the caller has just read. */
  async at(id: string, revision: number): Promise<Project | undefined> {
    const known = this.#cache.get(id, revision);
    if (known !== undefined) return known;
    const chosen = this.#context.dialect.builder.selectFrom('projects').selectAll().where('id', '=', id);
    const { projects: found } = await loadProjects(this.#context, chosen, sql`(${id})`);
    if (found[0] !== undefined) this.#cache.set(found[0]);
    return found[0];
  }

  /** See `StateStore.listProjects`. */
  async list(query: ProjectQuery): Promise<Page<Project>> {
    const rows = this.#context.dialect.builder
      .selectFrom('projects')
      .$if(query.includeDeactivated !== true, (all) => all.where('deactivated_at', 'is', null));
    const chosen = paged(rows.selectAll(), order, query);
    // The lists repeat the choice, so that all of it is one consistent read.
    const ids = sql`${paged(rows.select('id'), order, query)}`; // Kysely adds the parentheses.
    const loaded = await loadProjects(this.#context, chosen, ids);
    const byId = new Map(loaded.projects.map((project) => [project.id, project]));
    return pageOf(loaded.rows, order, query, (row) => {
      const stored = recordOf(projects, row, this.#context.dialect);
      return byId.get(stored.id) as Project;
    });
  }

  /** See `StateStore.saveProject`. */
  async save(project: Project, expected: number): Promise<boolean> {
    const { applied } = await this.#context.session.write(this.#write(project, expected));
    return applied;
  }
}
