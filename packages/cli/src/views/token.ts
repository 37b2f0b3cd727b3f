import type { TokenRecord } from '@buildstate/client';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';

/** API keys, without their secrets. */
export function tokenListView(tokens: readonly TokenRecord[]): View {
  return {
    body: tokens,
    ids: () => tokens.map(({ id }) => id),
    text: (style) =>
      tokens.length === 0
        ? 'No API keys.'
        : table(style, tokens, [
            { title: 'Id', value: ({ id }) => id },
            { title: 'Name', value: ({ name }) => name },
            { title: 'Scopes', value: ({ scopes }) => scopes.join(', ') },
            { title: 'Project', value: ({ projectId }) => projectId },
            { title: 'Last used', value: ({ lastUsedAt }) => lastUsedAt },
            { title: 'Expires', value: ({ expiresAt }) => expiresAt },
            { title: 'Revoked', value: ({ revokedAt }) => revokedAt },
          ]),
  };
}
