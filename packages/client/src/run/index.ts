export type { ExplainedBranch } from './branches/explain-branches.ts';
export { explainRun, type RunExplanation } from './explain-run.ts';
export type {
  BuildFile,
  FanOut,
  FileBranch,
  FileCommand,
  FileRetryPolicy,
  FileState,
  ShellChoice,
} from './file/build-file.ts';
export { buildFileJsonSchema } from './file/json-schema.ts';
export { buildFileName, parseBuildFile, readBuildFile } from './file/read-build-file.ts';
export type { WantedBounds } from './plan/bounds.ts';
export type { PlanEntry, RunPlan } from './plan/plan-run.ts';
export { runBuild } from './run-build.ts';
export type { RunRequest } from './run-request.ts';
export type { RunBuild, RunResult } from './run-result.ts';
export { commandText } from './shell.ts';
export { type WorkerRequest, type WorkerResult, work } from './worker/work.ts';
export type { WorkerEvent } from './worker/worker-event.ts';
