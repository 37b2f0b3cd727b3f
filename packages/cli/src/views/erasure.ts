import type { ErasureRecord } from '@buildstate/client';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';

function outcomeOf({ users, keys, dryRun }: ErasureRecord): string {
  const revoked =
    keys.length === 0 ? '' : ` ${dryRun ? 'Would revoke' : 'Revoked'} the keys ${keys.join(', ')}.`;
  if (users.length === 0) return `Nobody is known by this name now.${revoked}`;
  return dryRun
    ? `Would erase the name.${revoked}`
    : `Erased. From now on it is ${users.join(', ')}.${revoked}`;
}

/** What erasing a name came to, or would. */
export function erasureView(erasure: ErasureRecord): View {
  const { mentions, mentionCount, users } = erasure;
  return {
    body: erasure,
    ids: () => users,
    text(style) {
      const lines = [outcomeOf(erasure)];
      if (mentions === null || mentionCount === null) return lines.join('\n');
      if (mentionCount === 0) return [...lines, 'No text holds the name.'].join('\n');
      lines.push(`Texts that hold the name, and are not touched (${mentionCount}):`);
      lines.push(
        table(style, mentions, [
          { title: 'Record', value: ({ record }) => record },
          { title: 'Field', value: ({ field }) => field },
        ]),
      );
      return lines.join('\n');
    },
  };
}
