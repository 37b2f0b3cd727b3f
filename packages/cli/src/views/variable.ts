import type { VariableRecord } from '@buildstate/client';
import { namedVariables } from '../output/shell-variables.ts';
import { table } from '../output/table.ts';
import type { EnvironmentVariables, View } from '../output/view.ts';

/** What stands in the place of a value that must not be seen. */
const hidden = '(sensitive)';

function variablesOf(records: readonly VariableRecord[]): EnvironmentVariables {
  const shown = records.filter(({ variableValue }) => variableValue !== undefined);
  return namedVariables(
    'BLDST_VAR_',
    shown.map(({ variableKey, variableValue }) => [variableKey, variableValue]),
  );
}

/** Variables; the values of sensitive ones are left out. */
export function variableListView(records: readonly VariableRecord[]): View {
  return {
    body: records,
    ids: () => records.map(({ variableKey }) => variableKey),
    variables: () => variablesOf(records),
    text: (style) =>
      records.length === 0
        ? 'No variables.'
        : table(style, records, [
            { title: 'Key', value: ({ variableKey }) => variableKey },
            {
              title: 'Value',
              value: ({ isSensitive, variableValue }) => (isSensitive ? hidden : variableValue),
            },
            { title: 'Type', value: ({ variableType }) => variableType },
            { title: 'State', value: ({ setAtState }) => setAtState?.toString(), align: 'right' },
            {
              title: 'Required',
              value: ({ isRequiredForResume }) => (isRequiredForResume ? 'yes' : 'no'),
            },
          ]),
  };
}

/** One variable that was asked for by its key: for people and scripts, its value alone. */
export function variableView(record: VariableRecord): View {
  return {
    body: record,
    ids: () => [record.variableKey],
    variables: () => variablesOf([record]),
    text: () => record.variableValue ?? '',
  };
}
