import type { View } from '../output/view.ts';

/** A setting and its value. */
export function settingView(name: string, value: string | null, sentence: string): View {
  return {
    body: { [name]: value },
    verbatim: true,
    ids: () => (value === null ? [] : [value]),
    text: () => sentence,
  };
}
