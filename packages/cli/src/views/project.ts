import type { ProjectRecord } from '@buildstate/client';
import { moment } from '../output/amounts.ts';
import { details, table } from '../output/table.ts';
import type { View } from '../output/view.ts';

/** One project. */
export function projectView(project: ProjectRecord): View {
  return {
    body: project,
    ids: () => [project.id],
    text: (style) =>
      details(style, [
        ['Name', project.name],
        ['Id', project.id],
        ['Description', project.description],
        ['Parent', project.parentProjectId],
        ['Artifacts in', project.artifactBase],
        [
          'Failure patterns',
          project.failurePatterns.map(({ pattern, category }) => `${pattern} = ${category}`).join(', '),
        ],
        ['Settings', Object.keys(project.settings).length > 0 ? JSON.stringify(project.settings) : undefined],
        ['Created', moment(project.createdAt, style.now)],
        ['Deactivated', moment(project.deactivatedAt, style.now)],
      ]),
  };
}

/** Projects. */
export function projectListView(projects: readonly ProjectRecord[]): View {
  return {
    body: projects,
    ids: () => projects.map(({ id }) => id),
    text: (style) =>
      projects.length === 0
        ? 'No projects.'
        : table(style, projects, [
            { title: 'Id', value: ({ id }) => id },
            { title: 'Name', value: ({ name }) => name },
            { title: 'Artifacts in', value: ({ artifactBase }) => artifactBase },
            { title: 'Active', value: ({ deactivatedAt }) => (deactivatedAt === null ? 'yes' : 'no') },
            { title: 'Description', value: ({ description }) => description },
          ]),
  };
}
