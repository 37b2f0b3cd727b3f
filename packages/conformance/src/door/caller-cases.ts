import { randomUUID } from 'node:crypto';
import {
  BuildStateError,
  type Door,
  type OperationInput,
  type OperationName,
  type Scope,
} from '@buildstate/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDoor } from './bench.ts';

/** On whose behalf a door is opened. */
export interface Caller {
  /** What the caller may do. */
  readonly scopes: readonly Scope[];
  /** UUID of the only project that the caller may see, or `null` for all. */
  readonly projectId: string | null;
}

/** A door under test that can be opened on behalf of others as well. */
export interface OpenCallers extends OpenDoor {
  /** The same tracker on behalf of somebody else. Closed with the door. */
  as(caller: Caller): Promise<Door>;
}

/** One call, whatever operation it is of. */
type Call = { [K in OperationName]: readonly [K, Partial<OperationInput<K>>] }[OperationName];

async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'done';
  } catch (error) {
    if (error instanceof BuildStateError) return error.code;
    throw error;
  }
}

function perform(door: Door, [operation, input]: Call): Promise<unknown> {
  return door.call(operation, input as never);
}

/** A project with one of everything. */
async function furnish(door: Door, project: string) {
  const { body: made } = await door.call('createProject', { body: { name: project } });
  const { body: build } = await door.call('createBuild', { body: { project, buildNumber: '1' } });
  const params = { buildId: build.id };
  await door.call('recordState', { params, body: { state: 5, status: 'failed' } });
  const { body: artifact } = await door.call('registerArtifact', {
    params,
    body: {
      stateCode: 5,
      artifactName: 'log',
      artifactType: 'log',
      artifactPath: 's3://b/log',
      storageBackend: 's3',
    },
  });
  await door.call('setVariable', { params, body: { variableKey: 'ip', variableValue: '10.0.0.1' } });
  await door.call('createResumableState', { params: { projectId: made.id }, body: { stateCode: 5 } });
  const { body: request } = await door.call('requestResume', { params });
  const { body: job } = await door.call('linkJob', { params, body: { platform: 'jenkins' } });
  return { project: made, build, artifact, request, job };
}

type Furnished = Awaited<ReturnType<typeof furnish>>;

/** Every call that names something of a project. */
function callsInto({ project, build, artifact, request, job }: Furnished): Call[] {
  const projectId = project.id;
  const state = { projectId, stateCode: '5' };
  const buildId = build.id;
  const ofArtifact = { buildId, artifactId: artifact.id };
  const ofVariable = { buildId, variableKey: 'ip' };
  const ofRequest = { requestId: request.id };
  return [
    ['getProject', { params: { projectId } }],
    ['getProject', { params: { projectId: project.name } }],
    ['updateProject', { params: { projectId }, body: { description: 'x' } }],
    ['deleteProject', { params: { projectId } }],
    ['listStateCodes', { params: { projectId } }],
    ['getStateCode', { params: state }],
    ['createStateCode', { params: { projectId }, body: { stateCode: 42, name: 'x' } }],
    ['putStateCode', { params: state, body: {} }],
    ['deprecateStateCode', { params: state }],
    ['listRetryPolicies', { params: { projectId } }],
    ['getRetryPolicy', { params: state }],
    ['putRetryPolicy', { params: state, body: {} }],
    ['listResumableStates', { params: { projectId } }],
    ['getResumableState', { params: state }],
    ['createResumableState', { params: { projectId }, body: { stateCode: 10 } }],
    ['putResumableState', { params: state, body: {} }],
    ['deleteResumableState', { params: state }],
    ['createBuild', { body: { projectId } }],
    ['getRetention', { params: { projectId } }],
    ['putRetention', { params: { projectId }, body: { snapshotDays: 1 } }],
    ['deleteRetention', { params: { projectId } }],
    ['createBuild', { body: { project: project.name } }],
    ['listBuilds', { query: { projectId } }],
    ['getBuild', { params: { buildId } }],
    ['getBuild', { params: { buildId: `${project.name}:1` } }],
    ['getBuild', { params: { buildId: buildId.slice(0, 35) } }],
    ['updateBuild', { params: { buildId }, body: { description: 'x' } }],
    ['deleteBuild', { params: { buildId } }],
    ['recordState', { params: { buildId }, body: { state: 5 } }],
    ['recordStates', { params: { buildId }, body: [{ state: 5 }] }],
    ['recordFailure', { params: { buildId }, body: {} }],
    ['getBuildState', { params: { buildId } }],
    ['listAttempts', { params: { buildId } }],
    ['listFailures', { params: { buildId } }],
    ['retryBuild', { params: { buildId } }],
    ['rollbackBuild', { params: { buildId } }],
    ['cancelBuild', { params: { buildId } }],
    ['listEvents', { params: { buildId } }],
    ['acquireLease', { params: { buildId }, body: { holder: 'x' } }],
    ['renewLease', { params: { buildId }, body: { token: 1 } }],
    ['releaseLease', { params: { buildId }, query: { token: '1' } }],
    [
      'registerArtifact',
      {
        params: { buildId },
        body: {
          stateCode: 5,
          artifactName: 'x',
          artifactType: 'x',
          artifactPath: 's3://b/x',
          storageBackend: 's3',
        },
      },
    ],
    ['listArtifacts', { params: { buildId } }],
    ['getArtifact', { params: ofArtifact }],
    ['updateArtifact', { params: ofArtifact, body: { isFinal: true } }],
    ['deleteArtifact', { params: ofArtifact }],
    ['verifyArtifact', { params: ofArtifact, body: { verificationStatus: 'stored' } }],
    ['promoteArtifact', { params: ofArtifact }],
    ['pinArtifact', { params: ofArtifact }],
    ['unpinArtifact', { params: ofArtifact }],
    ['getLineage', { params: ofArtifact }],
    ['searchArtifacts', { query: { projectId } }],
    ['compareBuilds', { query: { ids: `${buildId},${buildId}` } }],
    ['getDashboardSummary', { query: { projectId } }],
    ['listRecentBuilds', { query: { projectId } }],
    ['getResumeStats', { query: { projectId } }],
    ['getTimeSaved', { query: { projectId } }],
    ['getStorageUsage', { query: { projectId } }],
    ['getResumeSuccessRate', { query: { projectId } }],
    ['getDurationTrends', { query: { projectId } }],
    ['getFailureTrends', { query: { projectId } }],
    ['setVariable', { params: { buildId }, body: { variableKey: 'x', variableValue: 'x' } }],
    ['listVariables', { params: { buildId } }],
    ['getVariableDict', { params: { buildId } }],
    ['getVariable', { params: ofVariable }],
    ['updateVariable', { params: ofVariable, body: { isRequiredForResume: true } }],
    ['deleteVariable', { params: ofVariable }],
    ['getResumeContext', { params: { buildId } }],
    ['requestResume', { params: { buildId } }],
    ['bulkResume', { body: { projectId } }],
    ['listResumeRequests', { params: { buildId } }],
    ['getResumeRequest', { params: ofRequest }],
    ['updateResumeRequest', { params: ofRequest, body: { metadata: {} } }],
    ['linkJob', { params: { buildId }, body: { platform: 'x' } }],
    ['listJobs', { params: { buildId } }],
    ['updateJob', { params: { buildId, jobId: job.id }, body: { status: 'x' } }],
  ];
}

/**
 * Registers the tests of what callers may see and do who are bound to a project or have few scopes.
 * @param open makes a door with nothing behind it yet
 */
export function describeCallers(name: string, open: () => Promise<OpenCallers>): void {
  describe(`${name} to callers who may not do everything`, () => {
    let opened: OpenCallers;
    let ours: Furnished;
    let theirs: Furnished;
    let bound: Door;
    beforeAll(async () => {
      opened = await open();
      ours = await furnish(opened.door, `ours-${randomUUID()}`);
      theirs = await furnish(opened.door, `theirs-${randomUUID()}`);
      bound = await opened.as({ scopes: ['read', 'write', 'admin'], projectId: ours.project.id });
    });
    afterAll(() => opened.remove());

    it('hides everything of other projects, as if it were not there', async () => {
      for (const call of callsInto(theirs)) {
        expect(await codeOf(perform(bound, call)), JSON.stringify(call)).toBe('not_found');
      }
    });

    it('says no more of what is hidden than of what is not there', async () => {
      const nothing = randomUUID();
      const messageOf = async (call: Call) => {
        const error = await perform(bound, call).catch((reason: unknown) => reason);
        if (!(error instanceof BuildStateError)) throw error;
        return JSON.stringify([error.message, error.context]);
      };
      const hidden: readonly (readonly [string, (id: string) => Call])[] = [
        [theirs.build.id, (buildId) => ['getBuild', { params: { buildId } }]],
        [theirs.project.id, (projectId) => ['getProject', { params: { projectId } }]],
        [theirs.request.id, (requestId) => ['getResumeRequest', { params: { requestId } }]],
      ];
      for (const [id, call] of hidden) {
        const absent = await messageOf(call(nothing));
        expect(await messageOf(call(id))).toBe(absent.replaceAll(nothing, id));
      }
    });

    it('shows everything of their own project', async () => {
      const reads = callsInto(ours).filter(([operation]) => /^(get|list)/.test(operation));
      for (const call of reads) expect(await codeOf(perform(bound, call)), JSON.stringify(call)).toBe('done');
      const { body: builds } = await bound.call('listBuilds', {});
      expect(builds.map(({ id }) => id)).toEqual([ours.build.id]);
    });

    it('lists their own project, whatever the page', async () => {
      const { body: projects, next } = await bound.call('listProjects', { query: { limit: '1' } });
      expect(projects.map(({ id }) => id)).toEqual([ours.project.id]);
      expect(next).toBeUndefined();
    });

    it('makes builds of their own project without asking for its name, and no projects', async () => {
      const { body: build } = await bound.call('createBuild', { body: {} });
      expect(build.projectId).toBe(ours.project.id);
      expect(await codeOf(bound.call('createProject', { body: { name: 'another' } }))).toBe('forbidden');
      const { id, name } = theirs.project;
      expect(await codeOf(bound.call('createProject', { body: { id, name } }))).toBe('forbidden');
      expect(
        await codeOf(
          bound.call('updateProject', {
            params: { projectId: ours.project.id },
            body: { parentProjectId: id },
          }),
        ),
      ).toBe('validation_failed');
    });

    it('reads reference data, which is common to all projects, and does not change it', async () => {
      const name = `n-${randomUUID().slice(0, 13)}`;
      await opened.door.call('createPlatform', { body: { name } });
      const params = { id: name };
      expect((await bound.call('getPlatform', { params })).body.name).toBe(name);
      expect(await codeOf(bound.call('updatePlatform', { params, body: { region: 'x' } }))).toBe('forbidden');
      expect(await codeOf(bound.call('deletePlatform', { params }))).toBe('forbidden');
      const { body: build } = await bound.call('createBuild', { body: { platform: name } });
      expect(build.platform).toBe(name);
      const writer = await opened.as({ scopes: ['write'], projectId: null });
      expect(await codeOf(writer.call('deletePlatform', { params }))).toBe('forbidden');
      const reader = await opened.as({ scopes: ['read'], projectId: null });
      expect(await codeOf(reader.call('createPlatform', { body: { name } }))).toBe('forbidden');
    });

    it('does not let the id of a hidden build be taken, nor answers that build', async () => {
      const create = (buildNumber: string) =>
        bound.call('createBuild', { body: { id: theirs.build.id, buildNumber } });
      for (const number of ['1', `n-${randomUUID()}`]) {
        const error = await create(number).catch((reason: unknown) => reason);
        expect(error).toMatchObject({ code: 'already_exists' });
        expect(JSON.stringify([error, (error as Error).message])).not.toContain(theirs.project.name);
      }
    });

    it('keeps readers from writing and writers from what only admins may do', async () => {
      const reader = await opened.as({ scopes: ['read'], projectId: null });
      const writer = await opened.as({ scopes: ['write'], projectId: null });
      const nobody = await opened.as({ scopes: [], projectId: null });
      const adminOnly = ['deleteProject', 'deleteBuild', 'deleteArtifact'];
      for (const call of callsInto(theirs)) {
        const [operation] = call;
        const reads = /^(get|list|search|compare)/.test(operation);
        expect(await codeOf(perform(nobody, call)), `nobody ${operation}`).toBe('forbidden');
        if (!reads) expect(await codeOf(perform(reader, call)), `reader ${operation}`).toBe('forbidden');
        if (adminOnly.includes(operation))
          expect(await codeOf(perform(writer, call)), `writer ${operation}`).toBe('forbidden');
      }
    });

    it('shows sensitive values to writers alone', async () => {
      const params = { buildId: ours.build.id };
      const body = { variableKey: 'password', variableValue: 'hunter2-canary', isSensitive: true };
      await opened.door.call('setVariable', { params, body });
      const reader = await opened.as({ scopes: ['read'], projectId: ours.project.id });
      const { body: shown } = await reader.call('getResumeContext', { params });
      expect(shown.maskedVariables).toEqual(['password']);
      expect(JSON.stringify(shown)).not.toContain('canary');
      const asked = reader.call('getVariable', { params: { ...params, variableKey: 'password' } });
      expect(await codeOf(asked)).toBe('forbidden');
      const writer = await opened.as({ scopes: ['write'], projectId: ours.project.id });
      const { body: opens } = await writer.call('getResumeContext', { params });
      expect(opens.variables.password).toBe('hunter2-canary');
      expect(opens.maskedVariables).toEqual([]);
    });

    it('makes no keys that can do more than their maker, and lists and revokes those of the project', async () => {
      const make = (door: Door, body: Partial<OperationInput<'createToken'>['body']>) =>
        door.call('createToken', {
          params: { userId: 'me' },
          body: { name: 'x', scopes: ['read'], ...body },
        });
      expect(await codeOf(make(bound, {}))).toBe('forbidden');
      expect(await codeOf(make(bound, { projectId: theirs.project.id }))).toBe('forbidden');
      expect(await codeOf(make(opened.door, { projectId: randomUUID() }))).toBe('not_found');
      const writer = await opened.as({ scopes: ['write'], projectId: null });
      expect(await codeOf(make(writer, { scopes: ['read', 'admin'] }))).toBe('forbidden');
      const { body: own } = await make(bound, { projectId: ours.project.id });
      const { body: other } = await make(opened.door, { projectId: theirs.project.id });
      const list = async () =>
        (await bound.call('listTokens', { params: { userId: 'me' } })).body.map(({ id }) => id);
      expect(await list()).toContain(own.id);
      expect(await list()).not.toContain(other.id);
      const revoke = (tokenId: string) => bound.call('revokeToken', { params: { userId: 'me', tokenId } });
      expect(await codeOf(revoke(other.id))).toBe('not_found');
      expect(await codeOf(revoke(own.id))).toBe('done');
      const ofAnother = bound.call('listTokens', { params: { userId: 'somebody' } });
      expect(await codeOf(ofAnother)).toBe('not_found');
    });
  });
}
