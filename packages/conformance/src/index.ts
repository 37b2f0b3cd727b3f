export { type DoorBench, doorBench, type OpenDoor } from './door/bench.ts';
export { type Caller, describeCallers, type OpenCallers } from './door/caller-cases.ts';
export { describeDoor } from './door/describe-door.ts';
export { itGivesTheSameAnswers, type SameAnswersOptions } from './door/same-answers.ts';
export { makeBuild, makeHead, makeLease } from './fixtures/build.ts';
export { type ChangeParts, makeChange, makeCreation, makeEvent } from './fixtures/change.ts';
export { newId, nextTime } from './fixtures/ids.ts';
export { makeProject, makeReference, makeToken } from './fixtures/project.ts';
export { makeArtifact, makeAttempt, makeJob, makeResumeRequest, makeVariable } from './fixtures/rows.ts';
export { testHash } from './fixtures/sha256.ts';
export type { StorePlace, StoreTraits } from './store/bench.ts';
export { describeStateStore } from './store/describe-state-store.ts';
export {
  type DriverCall,
  everyNth,
  type Fault,
  type FaultPlan,
  faultyDriver,
  onlyNth,
} from './store/faulty-driver.ts';
