import { type FieldProblem, nearestNames, ValidationError } from '@buildstate/core';
import type { z } from 'zod';
import type { Place } from './source-map.ts';

/** Something wrong in a build file: what, and where in its structure. */
export interface FileProblem {
  /** Keys and indices that lead to it. */
  readonly path: readonly PropertyKey[];
  /** What is wrong and what would be right, to follow the field's name. */
  readonly message: string;
}

/** What of a zod schema tells where a path leads. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
}

/** The definitions that a schema may stand for: of a union all of them. */
function definitionsOf(schema: z.core.$ZodType | undefined): Definition[] {
  if (schema === undefined) return [];
  const definition = schema._zod.def as unknown as Definition;
  if (definition.innerType !== undefined) return definitionsOf(definition.innerType);
  return definition.options?.flatMap(definitionsOf) ?? [definition];
}

/** The keys that the schema knows at a path. */
function keysOf(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let here = definitionsOf(schema);
  for (const key of path) {
    here = here.flatMap(({ shape, element, valueType }) =>
      definitionsOf(shape?.[String(key)] ?? element ?? valueType),
    );
  }
  return here.flatMap(({ shape }) => Object.keys(shape ?? {}));
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  record: 'a map',
  object: 'a map',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function kindsText(expected: readonly string[]): string {
  const names = [...new Set(expected.map((kind) => kinds[kind] ?? kind))];
  return `must be ${names.join(' or ')}`;
}

function unknownKey(schema: z.ZodType, path: readonly PropertyKey[], key: string): FileProblem {
  const nearest = nearestNames(key, keysOf(schema, path));
  const hint = nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : '';
  return { path: [...path, key], message: `is not a known key${hint}` };
}

/** The alternative of a union that went furthest: the one whose problems lie deepest tells what was meant. */
function bestAlternative(issue: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] {
  const depth = (issues: readonly z.core.$ZodIssue[]) =>
    Math.max(0, ...issues.map(({ path }) => path.length));
  const typed = issue.errors.filter((issues) =>
    issues.some(({ code, path }) => path.length > 0 || code !== 'invalid_type'),
  );
  return typed.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
}

function flatten(schema: z.ZodType, issue: z.core.$ZodIssue, base: readonly PropertyKey[]): FileProblem[] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(schema, path, key));
    case 'invalid_union': {
      const best = bestAlternative(issue);
      if (best.length > 0) return best.flatMap((inside) => flatten(schema, inside, path));
      const expected = issue.errors
        .flat()
        .flatMap((each) => ('expected' in each ? [String(each.expected)] : []));
      return [{ path, message: kindsText(expected) }];
    }
    case 'invalid_type':
      return [{ path, message: kindsText([issue.expected]) }];
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? issue.message }];
    default:
      return [
        { path, message: issue.message.replace(/^(Too|Invalid)/, (word) => `is ${word.toLowerCase()}`) },
      ];
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (here, key) =>
      typeof here === 'object' && here !== null ? (here as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** A message that knows what stands there: nothing, or something that YAML does not take for a text. */
function fittingMessage(message: string, found: unknown): string {
  if (found === undefined) return 'is missing';
  const isScalar = typeof found === 'number' || typeof found === 'boolean';
  return isScalar && message === kindsText(['string']) ? `${message}: put it in quotes` : message;
}

/**
 * The problems that zod found, in words for people.
 * @param value what was looked at
 */
export function schemaProblems(schema: z.ZodType, value: unknown, error: z.ZodError): FileProblem[] {
  return error.issues
    .flatMap((issue) => flatten(schema, issue, []))
    .map(({ path, message }) => ({ path, message: fittingMessage(message, valueAt(value, path)) }));
}

/** A path as people write it: `states[0].retry.max_attempts`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}

/**
 * The error for a build file: every problem with its line.
 * @param file the file as people know it
 */
export function fileError(
  file: string,
  problems: readonly (FileProblem & { readonly place: Place })[],
): ValidationError {
  const inOrder = problems.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  const listed: FieldProblem[] = inOrder.map(({ path, message, place }) => {
    const subject = pathText(path);
    return {
      path: `${file}:${place.line}:${place.column}`,
      message: subject === '' ? message : `${subject} ${message}`,
    };
  });
  const [first] = listed;
  const more = listed.length > 1 ? ` (and ${listed.length - 1} more, below)` : '';
  return new ValidationError(`${first?.path}: ${first?.message}${more}.`, { problems: listed });
}
