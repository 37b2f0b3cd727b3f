import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { BuildStateClient } from '../../src/client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A tracker with a place for artifacts that tests can spoil. */
export interface ProofSetting {
  /** The tracker. */
  readonly client: BuildStateClient;
  /** Changes one byte of what is stored for an artifact, and keeps its size. */
  flip(artifactPath: string): Promise<void>;
  /** Removes what is stored for an artifact. */
  remove(artifactPath: string): Promise<void>;
  /** URI under which artifacts are stored. @default the build's own */
  readonly to?: string;
}

/** What is proven before a build goes on, with real bytes. @param setting answers the one of the running test */
export function proofCases(setting: () => ProofSetting): void {
  /** States 10, 20 and 30 are done, each with an artifact; 40 has failed. */
  async function failedBuild() {
    const { client, to } = setting();
    const { id } = await client.builds.create({ project: 'images' });
    const folder = temporaryFolder();
    const paths: Record<string, string> = {};
    for (const state of [10, 20, 30]) {
      const source = join(folder, `${state}.img`);
      writeFileSync(source, randomBytes(70_000 + state));
      const name = `image-${state}`;
      const { path } = await client.artifacts.upload(id, {
        source,
        state,
        name,
        complete: true,
        ...(to !== undefined && { to }),
      });
      paths[name] = path;
    }
    await client.builds.fail(id, { stateCode: 40, errorMessage: 'no route to host' });
    return { id, paths };
  }
  const events = async (id: string) =>
    (await setting().client.builds.events(id).all())
      .map(({ type, data }) => `${type} ${String(data.artifact_name ?? '')}`)
      .filter((text) => /^artifact\.(missing|corrupt|verified)/.test(text));

  it('all good: goes on at the failed state, every artifact hashed', async () => {
    const { client } = setting();
    const { id } = await failedBuild();
    const found = await client.resume.context(id, { verify: 'deep' });
    expect(found).toMatchObject({ resumeFromState: 40, resumable: true, missing: [] });
    expect(found.proof.map(({ artifactName, status }) => `${artifactName} ${status}`)).toEqual([
      'image-10 verified',
      'image-20 verified',
      'image-30 verified',
    ]);
    expect(await events(id)).toHaveLength(3);
    // Nothing new: nothing more is recorded.
    await client.resume.context(id, { verify: 'deep' });
    expect(await events(id)).toHaveLength(3);
  });

  it('bytes that are gone send it back to the state that made them, and that is recorded', async () => {
    const { client, remove } = setting();
    const { id, paths } = await failedBuild();
    await remove(paths['image-20'] ?? '');
    expect((await client.resume.context(id)).resumeFromState).toBe(40);
    const found = await client.resume.context(id, { verify: true });
    expect(found).toMatchObject({
      resumeFromState: 20,
      resumable: true,
      missing: [{ kind: 'artifact', name: 'image-20' }],
      rerunStates: [{ state: 20 }, { state: 30 }],
    });
    expect(found.rerunStates[0]?.reason).toContain('nothing at');
    expect(found.artifacts.map(({ artifactName }) => artifactName)).toEqual(['image-10']);
    expect(await events(id)).toContain('artifact.missing image-20');
    // From now on everybody sees it, without another look.
    expect((await client.resume.context(id)).resumeFromState).toBe(20);
  });

  it('damage of the same size is found by hashing alone, and decides where a request leads', async () => {
    const { client, flip } = setting();
    const { id, paths } = await failedBuild();
    await flip(paths['image-30'] ?? '');
    expect((await client.resume.context(id, { verify: true })).resumeFromState).toBe(40);
    const request = await client.resume.request(id, { verify: 'deep', requestSource: 'cli' });
    expect(request).toMatchObject({
      resumeFromState: 30,
      missing: [{ kind: 'artifact', name: 'image-30' }],
      rerunStates: [{ state: 30 }],
    });
    expect(request.reasons?.[0]).toContain('"image-30"');
    expect(await events(id)).toContain('artifact.corrupt image-30');
    await client.builds.record(id, { state: 30, status: 'started' });
    expect((await client.builds.get(id)).lastSuccessfulState).toBe(20);
  });

  it('what turns out bad in a refused request is recorded all the same', async () => {
    const { client, remove } = setting();
    const { id, paths } = await failedBuild();
    await remove(paths['image-10'] ?? '');
    const asking = client.resume.request(id, { verify: 'true', resumeFromState: 40 });
    await expect(asking).rejects.toMatchObject({ code: 'not_resumable' });
    expect(await events(id)).toContain('artifact.missing image-10');
  });
}
