import { type Branch, branchNumber, maxBranchDepth } from '../branch/branch.ts';
import { decideFork, decideLetGo } from '../branch/decide-fork.ts';
import type { Build, JsonValue } from '../build/build.ts';
import { decideCancel } from '../build/decide-by-hand.ts';
import { BuildDraft } from '../build/draft.ts';
import { newBuild, newHead } from '../build/new-build.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import { timestamp } from '../build/timestamp.ts';
import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { LimitError } from '../errors/limit-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import { redactFields } from '../text/redact.ts';
import type { CheckedInput, OperationAnswer } from '../wire/contract.ts';
import { detailsOf } from './build-details.ts';
import type { Engine } from './engine.ts';
import { redactorOf, withSecrets } from './redaction.ts';
import { resolveReference } from './references.ts';
import { loadAncestors, type SurroundedBuild } from './surroundings.ts';
import type { CallContext } from './tracker.ts';

type Body = CheckedInput<'forkBuild'>['body'];

/** Longest number of a build. */
const longestNumber = 200;

/** What tells two forks with the same key, state and end apart. */
function fingerprintOf(engine: Engine, { platformId, platform, description, metadata }: Body): string {
  const wishes = { platformId, platform, description, metadata } as unknown as JsonValue;
  return engine.parts.crypto.sha256Hex(canonicalJson(wishes)).slice(0, 16);
}

/** @throws LimitError when the tree would become too deep */
async function checkDepth(engine: Engine, { snapshot: { build } }: SurroundedBuild): Promise<void> {
  const ancestors = await loadAncestors(engine.parts.store, build);
  if (ancestors.length < maxBranchDepth) return;
  throw new LimitError(
    `Build ${build.project}:${build.buildNumber} is a branch of a branch ${maxBranchDepth} times over, ` +
      'the most there may be. Fork from a build above it.',
    { context: { limit: maxBranchDepth } },
  );
}

/** @throws AlreadyExistsError when another build has the number that the branch would have */
function numberTaken({ project }: Build, buildNumber: string, id: string): AlreadyExistsError {
  return new AlreadyExistsError(
    `The branch would be build ${project}:${buildNumber}, and another build has that number (${id}). Use another key.`,
    { context: { build_id: id, build_number: buildNumber } },
  );
}

/** @throws AlreadyExistsError, ValidationError when the branch cannot have its number */
async function checkNumber(engine: Engine, parent: Build, { key }: Body): Promise<void> {
  const known = parent.branches?.find(({ branchKey }) => branchKey === key);
  if (known !== undefined) return;
  const buildNumber = branchNumber(parent.buildNumber, key, 1);
  if (buildNumber.length > longestNumber) {
    const message = `makes the build's number ${buildNumber.length} characters long, and ${longestNumber} is the most`;
    throw new ValidationError(`key ${message}.`, { problems: [{ path: 'key', message }] });
  }
  const { store } = engine.parts;
  const [taken] = await store.findBuilds({ projectId: parent.projectId, buildNumber });
  const [other] = taken === undefined ? [] : await store.loadBuilds([taken]);
  // One that was forked from this build a moment ago is the branch itself.
  if (other !== undefined && other.parentBuildId !== parent.id)
    throw numberTaken(parent, buildNumber, other.id);
}

/** Gives up a build whose place another one takes as the branch. */
async function giveUp(engine: Engine, id: string, { branchKey }: Branch, context: CallContext) {
  const loaded = await engine.parts.store.loadBuild(id);
  // Somebody deleted it; or it was never made, when whoever forked it stopped before.
  if (loaded === undefined || loaded.snapshot.build.deletedAt !== null) return;
  const needs = withSecrets({ resumeRequests: true });
  await engine.change(id, context, { needs }, (draft) => {
    if (draft.build.status === 'completed') return;
    decideCancel(draft, { reason: `The branch "${branchKey}" was forked again.`, reportedBy: null });
  });
}

/**
 * Gives up a branch that was forked again while its build was made: whoever forked it again found nothing to give up.
 * Either of the two sees what the other one did, since each writes before it looks.
 */
async function giveUpIfReplaced(engine: Engine, parent: Build, branch: Branch, context: CallContext) {
  const now = (await engine.parts.store.loadBuild(parent.id))?.snapshot.build.branches ?? [];
  if (now.some(({ buildId }) => buildId === branch.buildId)) return;
  await giveUp(engine, branch.buildId, branch, context);
}

/** Makes the build that is the branch; the id of another build that has its number. */
async function makeBranch(
  engine: Engine,
  parent: BuildSnapshot,
  branch: Branch,
  fields: Partial<Build>,
  context: CallContext,
): Promise<{ readonly existing?: string; readonly made: Build }> {
  const now = engine.now();
  const { build, project } = parent;
  const { branchKey, fromState, until } = branch;
  const { platformId, platform, osVersionId, osVersion, imageTypeId, imageType, cloudProvider } = build;
  const { osDistributionId, imageVariantId, description } = build;
  const made = newBuild(project, {
    ...{ platformId, platform, osVersionId, osVersion, imageTypeId, imageType, cloudProvider },
    ...{ osDistributionId, imageVariantId, description },
    ...fields,
    id: branch.buildId,
    buildNumber: branchNumber(build.buildNumber, branchKey, branch.generation),
    createdAt: timestamp(now),
    parentBuildId: build.id,
    branchKey,
    branchedFromState: fromState,
    branchUntil: until,
    currentState: fromState,
    lastSuccessfulState: fromState,
  });
  const draft = new BuildDraft({ ...newHead(made), project }, engine.decisionContext({ now }, context));
  // What the parent has done counts as done, so that prerequisites hold. No attempt of the branch's own did it.
  for (const { state, outcome } of Object.values(parent.states))
    if (outcome !== null && state <= fromState) draft.patchRecord(state, { outcome });
  draft.event('build.created', {
    build_number: made.buildNumber,
    project: project.name,
    parent_build_id: build.id,
    branch_key: branchKey,
    branched_from_state: fromState,
    branch_until: until,
  });
  return { ...(await engine.parts.store.createBuild(await engine.sealed(draft))), made };
}

/**
 * Forks a branch. The parent's change comes first: it decides whether the fork may be, and from then on the parent
 * waits. Then the build is made that is the branch; if that did not come about, asking again makes it.
 * @throws NotFoundError, BuildClosedError, IllegalTransitionError, AlreadyExistsError, LimitError, ValidationError
 */
export async function forkBuild(
  engine: Engine,
  ref: string,
  body: Body,
  context: CallContext,
): Promise<OperationAnswer<'forkBuild'>> {
  const { store } = engine.parts;
  const loaded = await engine.load(ref, context);
  await checkDepth(engine, loaded);
  await checkNumber(engine, loaded.snapshot.build, body);
  const platform = await resolveReference(
    engine,
    'platforms',
    { id: body.platformId, name: body.platform },
    'platform',
  );
  const wish = {
    branchKey: body.key,
    buildId: body.id ?? engine.idFor('branch', context),
    ownId: body.id !== undefined,
    fromState: body.fromState ?? null,
    until: body.until ?? null,
    fingerprint: fingerprintOf(engine, body),
    again: body.again ?? false,
  };
  const options = { needs: withSecrets() };
  const { value, snapshot: parent } = await engine.change(ref, context, options, (draft, around) => {
    const texts = { description: body.description ?? draft.build.description, metadata: body.metadata ?? {} };
    const redacted = redactFields(texts, ['description', 'metadata'], redactorOf(engine, around));
    return { branch: decideFork(draft, wish), redacted };
  });
  const { branch, redacted } = value;
  const own = { ...context, ifMatch: undefined };
  const known = await store.loadBuild(branch.buildId);
  if (known === undefined) {
    const fields = {
      ...(redacted as Partial<Build>),
      ...(platform.id !== null && { platformId: platform.id, platform: platform.name }),
      createdBy: body.createdBy ?? null,
    };
    if (branch.replaces !== null) await giveUp(engine, branch.replaces, branch, own);
    const { existing, made } = await makeBranch(engine, parent, branch, fields, own);
    if (existing !== undefined && existing !== branch.buildId) {
      await engine.change(parent.build.id, own, {}, (draft) => decideLetGo(draft, branch.branchKey));
      throw numberTaken(parent.build, made.buildNumber, existing);
    }
    await giveUpIfReplaced(engine, parent.build, branch, own);
  }
  const { snapshot, now } = await engine.load(branch.buildId, own);
  return detailsOf(engine, snapshot, now);
}
