import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Promoting and pinning artifacts. */
export function artifactCareCases(bench: DoorBench): void {
  const register = (buildId: string, artifactName: string, more: object = {}) =>
    bench.call('registerArtifact', {
      params: { buildId },
      body: {
        stateCode: 10,
        artifactName,
        artifactType: 'disk_image',
        artifactPath: `s3://b/${artifactName}`,
        storageBackend: 's3',
        sizeBytes: 7,
        checksum: 'ab'.repeat(32),
        ...more,
      },
    });
  const eventTypes = async (buildId: string) =>
    (await bench.call('listEvents', { params: { buildId } })).map(({ type }) => type);
  const releasable = async (buildId: string) =>
    (await bench.call('getBuild', { params: { buildId } })).releasableAt !== null;

  it('makes an artifact a deliverable and its build releasable, with who and why, once', async () => {
    const buildId = await bench.newBuild();
    const made = await register(buildId, 'golden');
    expect([made.promotedAt, made.isFinal, await releasable(buildId)]).toEqual([null, false, false]);
    const params = { buildId, artifactId: made.id };
    const first = await bench.call('promoteArtifact', {
      params,
      body: { reason: 'Passed acceptance', promotedBy: 'release-team' },
    });
    expect(first).toMatchObject({
      isFinal: true,
      promotedBy: 'release-team',
      promotionReason: 'Passed acceptance',
      signature: made.signature,
    });
    expect(await releasable(buildId)).toBe(true);
    const again = await bench.call('promoteArtifact', { params, body: { reason: 'Another reason' } });
    expect(again).toEqual(first);
    const events = await bench.call('listEvents', { params: { buildId } });
    const promoted = events.filter(({ type }) => type === 'artifact.promoted');
    expect(promoted.map(({ data }) => data)).toMatchObject([
      { artifact_id: made.id, promoted_by: 'release-team', reason: 'Passed acceptance' },
    ]);
    const { promotedBy } = await bench.call('promoteArtifact', {
      params: { buildId, artifactId: (await register(buildId, 'other')).id },
    });
    expect(promotedBy).toEqual(expect.any(String));
  });

  it('takes secrets out of the reason', async () => {
    const buildId = await bench.newBuild();
    await register(buildId, 'golden');
    const body = { variableKey: 'password', variableValue: 'canary-hunter2', isSensitive: true };
    await bench.call('setVariable', { params: { buildId }, body });
    const promoted = await bench.call('promoteArtifact', {
      params: { buildId, artifactId: 'golden' },
      body: { reason: 'signed in with canary-hunter2' },
    });
    expect(JSON.stringify(promoted)).not.toContain('canary');
    expect(JSON.stringify(await bench.call('listEvents', { params: { buildId } }))).not.toContain('canary');
  });

  it('promotes nothing whose bytes are wrong, gone, outdated or expired, and says why', async () => {
    const buildId = await bench.newBuild();
    const expectUnfit = async (artifactId: string, reason: RegExp) => {
      const before = await eventTypes(buildId);
      const error = await bench.refused('not_promotable', () =>
        bench.call('promoteArtifact', { params: { buildId, artifactId } }),
      );
      expect(error.message).toMatch(reason);
      expect(await eventTypes(buildId)).toEqual(before);
    };
    for (const verificationStatus of ['corrupt', 'missing'] as const) {
      const { id } = await register(buildId, verificationStatus);
      await bench.call('verifyArtifact', {
        params: { buildId, artifactId: id },
        body: { verificationStatus },
      });
      await expectUnfit(id, verificationStatus === 'corrupt' ? /is corrupt/ : /is missing/);
    }
    const gone = await register(buildId, 'gone');
    await bench.call('deleteArtifact', { params: { buildId, artifactId: gone.id } });
    await expectUnfit(gone.id, /was deleted at/);
    const expired = await register(buildId, 'expired', { expiresAt: '2020-01-01T00:00:00Z' });
    await expectUnfit(expired.id, /expired at 2020-01-01/);
    const old = await register(buildId, 'image');
    const newer = await register(buildId, 'image', { artifactPath: 's3://b/2', replace: true });
    await expectUnfit(old.id, new RegExp(newer.id));
    expect(await releasable(buildId)).toBe(false);
    await bench.refused('not_found', () =>
      bench.call('promoteArtifact', { params: { buildId, artifactId: 'absent' } }),
    );
  });

  it('takes a promotion back with the last deliverable', async () => {
    const buildId = await bench.newBuild();
    for (const artifactId of ['one', 'two']) {
      await register(buildId, artifactId);
      await bench.call('promoteArtifact', { params: { buildId, artifactId } });
    }
    const one = await bench.call('updateArtifact', {
      params: { buildId, artifactId: 'one' },
      body: { isFinal: false },
    });
    expect(one).toMatchObject({ promotedAt: null, promotedBy: null, promotionReason: null });
    expect(await releasable(buildId)).toBe(true);
    await bench.call('deleteArtifact', { params: { buildId, artifactId: 'two' } });
    expect(await releasable(buildId)).toBe(false);
  });

  it('deletes no build with a pinned artifact, until it is unpinned, and says which', async () => {
    const buildId = await bench.newBuild();
    const params = { buildId, artifactId: (await register(buildId, 'golden')).id };
    await bench.call('pinArtifact', { params });
    // A newer version takes the name, and somebody still needs the old one.
    await register(buildId, 'golden', { checksum: 'cd'.repeat(32), replace: true });
    const remove = () => bench.call('deleteBuild', { params: { buildId } });
    const error = await bench.refused('artifact_pinned', remove);
    expect(error.message).toMatch(/"golden".*bldst artifact unpin/);
    expect((await bench.call('getBuild', { params: { buildId } })).deletedAt).toBeNull();
    await bench.call('unpinArtifact', { params });
    await remove();
  });

  it('deletes no pinned artifact, until it is unpinned', async () => {
    const buildId = await bench.newBuild();
    const { id: artifactId } = await register(buildId, 'kept');
    const params = { buildId, artifactId };
    const pinned = await bench.call('pinArtifact', { params });
    expect(pinned.pinnedAt).toEqual(expect.any(String));
    expect(await bench.call('pinArtifact', { params })).toEqual(pinned);
    const error = await bench.refused('artifact_pinned', () => bench.call('deleteArtifact', { params }));
    expect(error.message).toMatch(/"kept".*Unpin it first/);
    expect((await bench.call('getArtifact', { params })).deletedAt).toBeNull();
    await bench.call('unpinArtifact', { params });
    await bench.call('unpinArtifact', { params });
    await bench.call('deleteArtifact', { params });
    await bench.refused('not_found', () => bench.call('pinArtifact', { params }));
    expect((await eventTypes(buildId)).filter((type) => type.startsWith('artifact.'))).toEqual([
      'artifact.registered',
      'artifact.updated',
      'artifact.updated',
      'artifact.deleted',
    ]);
  });
}
