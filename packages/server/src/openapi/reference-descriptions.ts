import {
  type ReferenceKind,
  type ReferenceOperationName,
  referenceKinds,
  referenceOperations,
  referenceWords,
} from '@buildstate/core';

function descriptionsOf(kind: ReferenceKind): [string, string][] {
  const names = referenceOperations(kind);
  const words = referenceWords(kind);
  return [
    [
      names.create,
      `Adds one ${words}. With a client-made \`id\` a repetition with the same content answers the same entry. Builds may also name one that is not there yet, where the server makes unknown ones on first use.`,
    ],
    [names.list, 'Entries by name, ascending. Deactivated ones only with `include_deactivated=true`.'],
    [names.get, 'One entry, named by its id or its name.'],
    [
      names.update,
      'Changes what is sent; what is left out stays as it is. A deactivated entry becomes active again. Builds keep the name that was good when they were made.',
    ],
    [names.delete, `Deactivates one ${words}. Its builds stay as they are; new ones are refused.`],
  ];
}

/** What the operations on reference data do, for the API's documentation. */
export const referenceDescriptions = Object.fromEntries(referenceKinds.flatMap(descriptionsOf)) as Readonly<
  Record<ReferenceOperationName, string>
>;
