import type { Build } from '../build/build.ts';
import { BuildDraft } from '../build/draft.ts';
import { newBuild, newHead } from '../build/new-build.ts';
import { timestamp } from '../build/timestamp.ts';
import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { UnavailableError } from '../errors/unavailable-error.ts';
import { jobTexts, newJob } from '../job/decide-job.ts';
import type { Project } from '../project/project.ts';
import { createRedactor, redactFields } from '../text/redact.ts';
import type { CheckedInput, OperationAnswer } from '../wire/contract.ts';
import { detailsOf } from './build-details.ts';
import type { Engine } from './engine.ts';
import { resolveProject, resolveReference } from './references.ts';
import type { CallContext, Outcome } from './tracker.ts';

type Body = CheckedInput<'createBuild'>['body'];
type Answer = OperationAnswer<'createBuild'>;

/** How often the next number is tried when others take it. */
const mostTries = 50;

/** The ids and names that the body's references stand for, each looked up at the same time. */
async function references(engine: Engine, body: Body) {
  const [platform, osVersion, imageType, cloudProvider, distribution, variant] = await Promise.all([
    resolveReference(engine, 'platforms', { id: body.platformId, name: body.platform }, 'platform'),
    resolveReference(engine, 'os_versions', { id: body.osVersionId, name: body.osVersion }, 'os_version'),
    resolveReference(engine, 'image_types', { id: body.imageTypeId, name: body.imageType }, 'image_type'),
    resolveReference(
      engine,
      'cloud_providers',
      { id: body.cloudProviderId, name: body.cloudProvider },
      'cloud_provider',
    ),
    resolveReference(
      engine,
      'os_distributions',
      { id: body.osDistributionId, name: body.osDistribution },
      'os_distribution',
    ),
    resolveReference(
      engine,
      'image_variants',
      { id: body.imageVariantId, name: body.imageVariant },
      'image_variant',
    ),
  ]);
  return {
    platformId: platform.id,
    platform: platform.name,
    osVersionId: osVersion.id,
    osVersion: osVersion.name,
    imageTypeId: imageType.id,
    imageType: imageType.name,
    cloudProvider: cloudProvider.name,
    osDistributionId: distribution.id,
    imageVariantId: variant.id,
  };
}

/**
 * The number after the highest plain number among a project's newest builds.
 * @param above a number that is known to be taken, as by a deleted build, which no list shows
 */
async function nextNumber(engine: Engine, projectId: string, above: number): Promise<string> {
  const { items } = await engine.parts.store.listBuilds({ projectId, limit: 100 });
  const numbers = items.map(({ buildNumber }) => buildNumber).filter((text) => /^\d{1,15}$/.test(text));
  return String(Math.max(above, ...numbers.map(Number)) + 1);
}

/** Writes a new build with its answer; the id of the build that has its id or number, if there is one. */
async function write(
  engine: Engine,
  build: Build,
  project: Project,
  body: Body,
  context: CallContext,
): Promise<{ readonly existing?: string; readonly answer: Answer }> {
  const now = engine.now();
  const draft = new BuildDraft({ ...newHead(build), project }, engine.decisionContext({ now }, context));
  draft.event('build.created', { build_number: build.buildNumber, project: project.name });
  if (body.job !== undefined) {
    const job = newJob(draft, redactFields(body.job, jobTexts, createRedactor()));
    draft.jobs.put(job);
    draft.event('job.linked', { job_id: job.id, platform: job.platform });
  }
  const change = await engine.sealed(draft);
  const answer = await detailsOf(engine, { ...change.head, project }, now);
  const report = engine.reportOf('createBuild', answer, context);
  const { existing } = await engine.parts.store.createBuild({ ...change, report });
  if (existing === undefined) engine.feeds.changed(build.id);
  return { ...(existing !== undefined && { existing }), answer };
}

/**
 * Registers a build. Creating with an id that was used for the same number before answers that build, so that
 * a lost reply can be repeated; a number that is taken is a conflict.
 * @throws AlreadyExistsError, NotFoundError, ValidationError
 */
export async function createBuild(
  engine: Engine,
  body: Body,
  context: CallContext,
): Promise<Outcome<'createBuild'>> {
  const id = body.id ?? engine.idFor('build', context);
  const before = await engine.answeredBefore(id, 'createBuild', context);
  if (before !== undefined) return before;
  const project = await resolveProject(engine, { id: body.projectId, name: body.project }, context);
  const resolved = await references(engine, body);
  const { description = null, metadata = {}, createdBy = null } = body;
  const fields = {
    id,
    createdAt: timestamp(engine.now()),
    createdBy,
    ...redactFields({ description, metadata }, ['description', 'metadata'], createRedactor()),
    ...resolved,
  };
  let above = 0;
  for (let tries = 0; tries < mostTries; tries++) {
    const buildNumber = body.buildNumber ?? (await nextNumber(engine, project.id, above));
    const wanted = newBuild(project, { ...fields, buildNumber });
    const { existing, answer } = await write(engine, wanted, project, body, context);
    if (existing === undefined) return { body: answer };
    if (existing === id) return repeatedCreation(engine, wanted, body, context);
    if (body.buildNumber !== undefined) throw await numberTaken(engine, wanted, existing);
    // One after the other while others may be taking numbers too, then in larger steps over runs of deleted builds.
    above = Number(buildNumber) + (tries < 20 ? 0 : 2 ** (tries - 20));
  }
  throw new UnavailableError(
    `No number was found for a new build of project ${project.name}, because many are made at once. ` +
      'Try again, or give it one as `build_number`.',
    { context: { project: project.name } },
  );
}

/** The build of an earlier creation with the same id. @throws AlreadyExistsError when it is another build */
async function repeatedCreation(
  engine: Engine,
  wanted: Build,
  body: Body,
  context: CallContext,
): Promise<Outcome<'createBuild'>> {
  const before = await engine.answeredBefore(wanted.id, 'createBuild', context);
  if (before !== undefined) return before;
  const loaded = await engine.parts.store.loadBuild(wanted.id);
  const build = loaded?.snapshot.build;
  const sameNumber = body.buildNumber === undefined || build?.buildNumber === body.buildNumber;
  if (loaded && build?.projectId === wanted.projectId && sameNumber && build.deletedAt === null)
    return { body: await detailsOf(engine, loaded.snapshot, loaded.now) };
  throw new AlreadyExistsError(
    `The id ${wanted.id} belongs to another build. Make a new id for each build.`,
    {
      context: { build_id: wanted.id },
    },
  );
}

async function numberTaken(engine: Engine, wanted: Build, id: string): Promise<AlreadyExistsError> {
  const deleted = (await engine.parts.store.loadBuild(id))?.snapshot.build.deletedAt != null;
  const name = `${wanted.project}:${wanted.buildNumber}`;
  const advice = deleted
    ? 'It was deleted, and numbers are not used twice: use another one.'
    : `Look at it with \`bldst build get ${name}\`, or use another number.`;
  return new AlreadyExistsError(`There is a build ${name} already (${id}). ${advice}`, {
    context: { build_id: id, build_number: wanted.buildNumber },
  });
}
