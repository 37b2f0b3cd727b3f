import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type OperationName, RequestInFlightError } from '@buildstate/core';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openParts } from './open-parts.ts';

const script = fileURLToPath(new URL('./perform-and-die.ts', import.meta.url));
const key = 'the-same-key';

const requests: readonly (readonly [OperationName, object, OperationName])[] = [
  ['createProject', { body: { name: 'images' } }, 'listProjects'],
  ['createPlatform', { body: { name: 'azure' } }, 'listPlatforms'],
  ['createToken', { params: { user_id: 'me' }, body: { name: 'ci', scopes: ['read'] } }, 'listTokens'],
];

it.each(requests)(
  '%s is performed again to the same effect when its server was killed',
  async (operation, input, list) => {
    const folder = await temporaryFolder();
    try {
      const args = [
        '--conditions=@buildstate/source',
        script,
        folder.path,
        operation,
        JSON.stringify(input),
        key,
      ];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);

      const at = async (aheadMs: number) => {
        const { tracker, store, actor } = await openParts(folder.path, aheadMs);
        try {
          const params = list === 'listTokens' ? { params: { user_id: 'me' } } : {};
          const before = (await tracker.perform(list, params, { actor })).body as readonly object[];
          const answer = await tracker.perform(operation, input, { actor, idempotencyKey: key });
          const after = (await tracker.perform(list, params, { actor })).body as readonly object[];
          return { before, answer, after };
        } finally {
          await store.close();
        }
      };
      await expect(at(0)).rejects.toThrow(RequestInFlightError);
      const { before, answer, after } = await at(61_000);
      expect(before).toHaveLength(1);
      expect(after).toEqual(before);
      expect(answer.body).toMatchObject({ id: (before[0] as { id: string }).id });
      const again = await at(62_000);
      expect(again.answer).toMatchObject({ body: answer.body, replayed: true });
      expect(again.after).toEqual(before);
    } finally {
      await folder.remove();
    }
  },
  60_000,
);
