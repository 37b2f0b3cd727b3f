import type { Variable } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** Variables in `build_variables`. */
export const variables = recordTable<Variable>('build_variables', {
  id: 'text',
  buildId: 'text',
  variableKey: 'text',
  variableValue: 'text',
  variableType: 'text',
  setAtState: 'integer',
  isSensitive: 'flag',
  isRequiredForResume: 'flag',
  createdAt: 'time',
  updatedAt: 'time',
  deletedAt: 'time',
});
