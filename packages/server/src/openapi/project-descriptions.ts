/** What the operations on projects and their settings do, for the API's documentation. */
export const projectDescriptions = {
  createProject:
    'Creates a project with the default state catalogue. With a client-made `id` a repetition answers the same project.',
  listProjects: 'Projects by name, ascending. Deactivated ones only with `include_deactivated=true`.',
  getProject: 'One project, named by its id or its name.',
  updateProject: 'Changes what is sent; what is left out stays as it is.',
  deleteProject: 'Deactivates a project. Its builds stay readable; new ones are refused.',
  listStateCodes:
    "A project's catalogue, by code. Deprecated entries are part of it: builds may still have them.",
  getStateCode: 'One entry of a catalogue.',
  createStateCode:
    'Adds an entry. Catalogues step by 5 so that codes can be put between without renumbering.',
  putStateCode: 'Adds an entry or changes it; what is left out stays as it is.',
  deprecateStateCode: 'Marks an entry as deprecated. Entries are never removed, because histories name them.',
  listRetryPolicies:
    'The policies that the project sets for its states, and its own default (`state_code` null). Built-in ones hold where none is set.',
  getRetryPolicy:
    "What holds for a state: its own policy, else the project's default, else the built-in one. With `default` in the path: the project's default.",
  putRetryPolicy:
    'Sets the policy of one state, or with `default` in the path that of all states without one. A `preset` gives the fields that are not sent.',
  getRetention:
    "How long all of a build is kept once it has ended, and how long weekly snapshots of it after that: the project's own setting, else the store's (`inherited`).",
  putRetention:
    'Sets how long histories are kept; what is left out stays as it is. Builds that can go on keep everything in any case.',
  deleteRetention: "Removes the project's own setting: what the store keeps holds for it.",
  listResumableStates: 'How each configured state is resumed, by code.',
  getResumableState: 'How one state is resumed.',
  createResumableState: 'Says how a state is resumed and what that needs.',
  putResumableState: 'Adds or changes how a state is resumed; what is left out stays as it is.',
  deleteResumableState: 'Removes the configuration of a state, so that the built-in rules hold for it.',
} as const;
