export { type ModelWish, modelWish, modelWishes, type WishOptions } from './arbitrary.ts';
export { type ModelAnswer, type ModelBuild, type ModelRules, newModelBuild, type Stepped } from './build.ts';
export type { ModelCommand, ModelReport } from './command.ts';
export { compareWithModel, type ModelRun, type ModelTime } from './compare.ts';
export {
  type BuildHistory,
  complaintAbout,
  type HistoryOptions,
  recordHistory,
  specOf,
} from './histories.ts';
export { performCommand } from './perform.ts';
export { makeModelProject, modelRules } from './project.ts';
export { step } from './step.ts';
