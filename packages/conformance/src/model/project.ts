import { randomUUID } from 'node:crypto';
import type { Door } from '@buildstate/core';
import type { ModelRules } from './build.ts';

/** The rules of the projects that the model is compared in: with prerequisites, so that it has something to say of them. */
export const modelRules: ModelRules = { prerequisites: { 35: [30], 95: [70] }, finalState: 100 };

/** Makes a project with the model's rules; answers its name. */
export async function makeModelProject(door: Door): Promise<string> {
  const name = `model-${randomUUID()}`;
  const { body: project } = await door.call('createProject', { body: { name } });
  for (const [code, needed] of Object.entries(modelRules.prerequisites)) {
    const params = { projectId: project.id, stateCode: code };
    await door.call('putStateCode', { params, body: { prerequisites: [...needed] } });
  }
  return name;
}
