import type { BuildStateClient } from '@buildstate/client';
import { jsonObject } from './json.ts';
import { present } from './present.ts';

/** The values of the flags about a project. */
interface ProjectValues {
  readonly description?: string | undefined;
  readonly 'artifact-base'?: string | undefined;
  readonly parent?: string | undefined;
  readonly settings?: string | undefined;
}

/** What was said of a project, as the API takes it; the parent's id is looked up. @throws NotFoundError */
export async function projectFields(client: BuildStateClient, flags: ProjectValues) {
  const { parent } = flags;
  return present({
    description: flags.description,
    artifactBase: flags['artifact-base'],
    parentProjectId: parent === undefined ? undefined : (await client.projects.get(parent)).id,
    settings: jsonObject('settings', flags.settings),
  });
}
