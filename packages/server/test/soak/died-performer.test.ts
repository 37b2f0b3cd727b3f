import type { JsonObject, OperationName } from '@buildstate/core';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type OpenParts, openParts } from './open-parts.ts';

const idempotencyKey = 'the-same-key';
const project = 'images';

async function failedBuild({ tracker, actor }: OpenParts): Promise<string> {
  const { body: build } = await tracker.perform('createBuild', { body: { project } }, { actor });
  const params = { build_id: build.id };
  for (const body of [{ state: 10 }, { state: 20, status: 'failed', message: 'timed out' }]) {
    await tracker.perform('recordState', { params, body }, { actor });
  }
  return build.id;
}

/** Every POST whose answer is kept beside its effect, not with it. */
const requests: readonly (readonly [OperationName, (build: string) => object])[] = [
  ['createProject', () => ({ body: { name: 'other' } })],
  ['createPlatform', () => ({ body: { name: 'azure' } })],
  ['createImageType', () => ({ body: { name: 'ami' } })],
  ['createStateCode', () => ({ params: { project_id: project }, body: { state_code: 7, name: 'seven' } })],
  ['createResumableState', () => ({ params: { project_id: project }, body: { state_code: 30 } })],
  ['createToken', () => ({ params: { user_id: 'me' }, body: { name: 'ci', scopes: ['read'] } })],
  [
    'recordStates',
    (build) => ({ params: { build_id: build }, body: [{ state: 20 }, { state: 500 }, { state: 25 }] }),
  ],
  ['bulkResume', () => ({ body: { project_id: project } })],
];

it.each(requests)(
  '%s comes to the answer that its first performer made and could not keep',
  async (operation, inputFor) => {
    const folder = await temporaryFolder();
    const first = await openParts(folder.path);
    try {
      const input = inputFor(await failedBuild(first));
      const { actor, store } = first;
      const finish = store.finishRequest.bind(store);
      let made: JsonObject | undefined;
      store.finishRequest = (_id, _performer, answer) => {
        made = answer;
        return Promise.reject(new Error('died'));
      };
      await expect(first.tracker.perform(operation, input, { actor, idempotencyKey })).rejects.toThrow(
        'died',
      );
      store.finishRequest = finish;
      const events = async () => {
        const { body } = await first.tracker.perform('listBuilds', {}, { actor });
        const params = { build_id: body[0]?.id ?? '' };
        return (await first.tracker.perform('listEvents', { params }, { actor })).body.map(
          ({ type }) => type,
        );
      };
      const before = await events();

      const second = await openParts(folder.path, 61_000);
      try {
        const keep = second.store.finishRequest.bind(second.store);
        let kept: JsonObject | undefined;
        second.store.finishRequest = (id, performer, answer) => {
          kept = answer;
          return keep(id, performer, answer);
        };
        const answer = await second.tracker.perform(operation, input, { actor, idempotencyKey });
        const again = await second.tracker.perform(operation, input, { actor, idempotencyKey });
        expect(again).toMatchObject({ body: answer.body, replayed: true });
        // A sealed answer differs each time that it is sealed; the test of a killed performer looks into it.
        if (!('sealed' in (made ?? {}))) expect(kept).toEqual(made);
        expect(await events()).toEqual(before);
      } finally {
        await second.store.close();
      }
    } finally {
      await first.store.close();
      await folder.remove();
    }
  },
);
