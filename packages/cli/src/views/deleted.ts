import type { View } from '../output/view.ts';

/**
 * What is left to say of something that is gone.
 *
 * @param id its id
 * @param sentence what happened, for people
 */
export function deletedView(id: string, sentence: string): View {
  return { body: { id, deleted: true }, ids: () => [id], text: () => sentence };
}
