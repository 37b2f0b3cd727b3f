import type { ResumableStateRecord } from '@buildstate/client';
import { shortDuration } from '../output/amounts.ts';
import { details, table } from '../output/table.ts';
import type { View } from '../output/view.ts';

/** How states of a project are resumed. */
export function resumableStateListView(states: readonly ResumableStateRecord[]): View {
  return {
    body: states,
    ids: () => states.map(({ stateCode }) => String(stateCode)),
    text: (style) =>
      states.length === 0
        ? 'No state has a configuration of its own.'
        : table(style, states, [
            { title: 'State', value: ({ stateCode }) => String(stateCode), align: 'right' },
            { title: 'Resumable', value: ({ isResumable }) => (isResumable ? 'yes' : 'no') },
            { title: 'Strategy', value: ({ resumeStrategy }) => resumeStrategy },
            { title: 'Artifacts', value: ({ requiredArtifacts }) => requiredArtifacts.join(', ') },
            { title: 'Variables', value: ({ requiredVariables }) => requiredVariables.join(', ') },
            { title: 'Command', value: ({ resumeCommand }) => resumeCommand },
          ]),
  };
}

/** How one state is resumed. */
export function resumableStateView(state: ResumableStateRecord): View {
  return {
    body: state,
    ids: () => [String(state.stateCode)],
    text: (style) =>
      details(style, [
        ['State', String(state.stateCode)],
        ['Resumable', state.isResumable ? 'yes' : 'no'],
        ['Strategy', state.resumeStrategy],
        ['Needs artifacts', state.requiredArtifacts.join(', ')],
        ['Needs variables', state.requiredVariables.join(', ')],
        ['Command', state.resumeCommand],
        ['Time limit', shortDuration(state.resumeTimeoutSeconds)],
        ['Description', state.description],
        ['Notes', state.notes],
      ]),
  };
}
