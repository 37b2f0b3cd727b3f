import { randomUUID } from 'node:crypto';
import { referenceKinds, referenceOperations } from '@buildstate/core';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** A name that no other case uses. */
const newName = () => `n-${randomUUID().slice(0, 13)}`;

/** Platforms, OS versions and the other reference data. */
export function referenceDataCases(bench: DoorBench): void {
  it.each(referenceKinds)('makes, changes, lists and deactivates entries of %s', async (kind) => {
    // Every kind has the operations that platforms have.
    const names = referenceOperations(kind) as unknown as ReturnType<typeof referenceOperations<'platforms'>>;
    const name = newName();
    const made = await bench.call(names.create, { body: { name, displayName: 'One' } });
    expect(made).toMatchObject({ name, displayName: 'One', description: null, deactivatedAt: null });
    expect(await bench.call(names.get, { params: { id: name } })).toEqual(made);
    expect(await bench.call(names.get, { params: { id: made.id } })).toEqual(made);

    const changed = await bench.call(names.update, { params: { id: name }, body: { description: 'more' } });
    expect(changed).toEqual({ ...made, description: 'more', updatedAt: changed.updatedAt });
    expect(changed.updatedAt > made.updatedAt).toBe(true);

    const listed = async (includeDeactivated: string) => {
      const items = await bench.call(names.list, { query: { limit: '1000', includeDeactivated } });
      return items.map((entry) => entry.name);
    };
    expect(await listed('false')).toContain(name);
    await bench.call(names.delete, { params: { id: name } });
    await bench.call(names.delete, { params: { id: name } });
    expect(await listed('false')).not.toContain(name);
    expect(await listed('true')).toContain(name);
    const gone = await bench.call(names.get, { params: { id: name } });
    expect(gone.deactivatedAt).not.toBeNull();
    const back = await bench.call(names.update, { params: { id: name }, body: {} });
    expect(back).toMatchObject({ description: 'more', deactivatedAt: null });
    await bench.refused('not_found', () => bench.call(names.get, { params: { id: newName() } }));
    await bench.refused('not_found', () => bench.call(names.delete, { params: { id: randomUUID() } }));
  });

  it('keeps what only one kind has, as it was written', async () => {
    const platform = { name: newName(), cloudProvider: 'aws', region: 'eu-west-1' };
    expect(await bench.call('createPlatform', { body: platform })).toMatchObject(platform);
    const distribution = await bench.call('createOsDistribution', { body: { name: newName() } });
    const version = {
      name: newName(),
      version: '22.04',
      osFamily: 'debian',
      majorVersion: 22,
      minorVersion: '04',
      osDistributionId: distribution.id,
    };
    const made = await bench.call('createOsVersion', { body: version });
    expect(made).toMatchObject(version);
    const params = { id: version.name };
    const changed = await bench.call('updateOsVersion', { params, body: { minorVersion: null } });
    expect(changed).toMatchObject({ ...version, minorVersion: null });
    const type = await bench.call('createImageType', { body: { name: newName() } });
    expect(type.imageVariantId).toBeNull();
    await bench.refused('validation_failed', () =>
      bench.call('createImageType', { body: { name: newName(), region: 'x' } as object as { name: string } }),
    );
  });

  it('refuses references to what is not there, with the field named', async () => {
    const nobody = randomUUID();
    const version = await bench.refused('validation_failed', () =>
      bench.call('createOsVersion', { body: { name: newName(), osDistributionId: nobody } }),
    );
    expect(version.problems.map(({ path }) => path)).toEqual(['os_distribution_id']);
    const name = newName();
    await bench.call('createImageType', { body: { name } });
    const type = await bench.refused('validation_failed', () =>
      bench.call('updateImageType', { params: { id: name }, body: { imageVariantId: nobody } }),
    );
    expect(type.problems.map(({ path }) => path)).toEqual(['image_variant_id']);
  });

  it('adds an entry once, however often it is sent, and refuses another one with its name or id', async () => {
    const body = { id: randomUUID(), name: newName(), region: 'eu' };
    const first = await bench.call('createPlatform', { body });
    expect(await bench.call('createPlatform', { body })).toEqual(first);
    await bench.refused('already_exists', () =>
      bench.call('createPlatform', { body: { ...body, region: 'us' } }),
    );
    await bench.refused('already_exists', () =>
      bench.call('createPlatform', { body: { ...body, id: randomUUID() } }),
    );
    const other = newName();
    await bench.call('createPlatform', { body: { name: other } });
    await bench.refused('already_exists', () =>
      bench.call('updatePlatform', { params: { id: other }, body: { name: body.name } }),
    );
    const looks = await bench.refused('validation_failed', () =>
      bench.call('createPlatform', { body: { name: randomUUID() } }),
    );
    expect(looks.problems.map(({ path }) => path)).toEqual(['name']);
  });

  it('loses no change of an entry that many change at once', async () => {
    const name = newName();
    const { id } = await bench.call('createOsVersion', { body: { name } });
    const changes = [
      { displayName: 'shown' },
      { description: 'told' },
      { version: '9.4' },
      { osFamily: 'rhel' },
      { majorVersion: 9 },
      { minorVersion: 4 },
    ];
    await Promise.all(changes.map((body) => bench.call('updateOsVersion', { params: { id }, body })));
    expect(await bench.call('getOsVersion', { params: { id } })).toMatchObject(Object.assign({}, ...changes));
  });

  it('lists entries in pages, by name', async () => {
    const prefix = newName();
    for (const letter of ['c', 'a', 'b']) {
      await bench.call('createImageVariant', { body: { name: `${prefix}-${letter}` } });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await bench.door.call('listImageVariants', { query: { limit: '2', cursor } });
      seen.push(...page.body.map(({ name }) => name));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen.filter((name) => name.startsWith(prefix))).toEqual(
      ['a', 'b', 'c'].map((letter) => `${prefix}-${letter}`),
    );
    expect(seen).toEqual([...seen].sort());
  });

  it('lets builds name entries by name or id, and makes unknown names on first use', async () => {
    const names = {
      platform: newName(),
      osVersion: newName(),
      imageType: newName(),
      cloudProvider: newName(),
      osDistribution: newName(),
      imageVariant: newName(),
    };
    const first = await bench.newBuild(names);
    const byName = await bench.call('getBuild', { params: { buildId: first } });
    const { platform, osVersion, imageType, cloudProvider } = names;
    expect(byName).toMatchObject({ platform, osVersion, imageType, cloudProvider });
    const idOf = async (get: 'getPlatform', id: string) => (await bench.call(get, { params: { id } })).id;
    const ids = {
      platformId: await idOf('getPlatform', names.platform),
      osVersionId: await idOf('getOsVersion' as 'getPlatform', names.osVersion),
      imageTypeId: await idOf('getImageType' as 'getPlatform', names.imageType),
      osDistributionId: await idOf('getOsDistribution' as 'getPlatform', names.osDistribution),
      imageVariantId: await idOf('getImageVariant' as 'getPlatform', names.imageVariant),
    };
    expect(byName).toMatchObject(ids);
    const cloudProviderId = await idOf('getCloudProvider' as 'getPlatform', names.cloudProvider);
    const second = await bench.newBuild({ ...ids, cloudProviderId });
    const byId = await bench.call('getBuild', { params: { buildId: second } });
    expect(byId).toMatchObject({ platform, osVersion, imageType, cloudProvider, ...ids });
    const third = await bench.newBuild({ platform: ids.platformId, cloudProvider: cloudProviderId });
    const either = await bench.call('getBuild', { params: { buildId: third } });
    expect(either).toMatchObject({ platform, cloudProvider, platformId: ids.platformId });
    await bench.refused('not_found', () => bench.newBuild({ platformId: randomUUID() }));
  });

  it('refuses new builds of a deactivated entry until it is active again', async () => {
    const platform = newName();
    const build = await bench.newBuild({ platform });
    await bench.call('deletePlatform', { params: { id: platform } });
    const error = await bench.refused('validation_failed', () => bench.newBuild({ platform }));
    expect(error.problems.map(({ path }) => path)).toEqual(['platform']);
    expect((await bench.call('getBuild', { params: { buildId: build } })).platform).toBe(platform);
    await bench.call('updatePlatform', { params: { id: platform }, body: {} });
    await bench.newBuild({ platform });
  });
}
