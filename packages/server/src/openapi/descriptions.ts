import type { OperationName } from '@buildstate/core';
import { branchDescriptions } from './branch-descriptions.ts';
import { buildDescriptions } from './build-descriptions.ts';
import { figureDescriptions } from './figure-descriptions.ts';
import { projectDescriptions } from './project-descriptions.ts';
import { referenceDescriptions } from './reference-descriptions.ts';
import { resumeDescriptions } from './resume-descriptions.ts';

/** What every operation does, in sentences. A new operation without one does not compile. */
export const descriptions: Readonly<Record<OperationName, string>> = {
  ...projectDescriptions,
  ...referenceDescriptions,
  ...buildDescriptions,
  ...branchDescriptions,
  ...resumeDescriptions,
  ...figureDescriptions,
};
