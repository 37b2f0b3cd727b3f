import type { z } from 'zod';
import type { FieldProblem } from '../errors/buildstate-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { nearestNames } from '../text/nearest-names.ts';
import { fromWire } from './casing.ts';
import { type CheckedInput, type Schemas, schemas } from './contract.ts';
import { either, issueWords } from './issue-words.ts';
import { knownNames } from './known-names.ts';
import type { OperationName } from './routes.ts';

/** An operation's input in the names of the wire, unchecked. */
export interface RawInput {
  /** What stands in the path. */
  readonly params?: unknown;
  /** What stands behind the question mark. */
  readonly query?: unknown;
  /** What is sent. */
  readonly body?: unknown;
}

/** Deepest nesting of any input; user's JSON is held to less by its own schema. */
const maxDepth = 64;

/** How the library's own words are replaced. */
const words = { error: issueWords };

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is nested too deeply to be walked by recursion without end. */
function tooDeep(value: unknown, levelsLeft = maxDepth): boolean {
  if (!isObject(value)) return false;
  if (levelsLeft === 0) return true;
  if (Array.isArray(value)) return value.some((item) => tooDeep(item, levelsLeft - 1));
  for (const key of Object.keys(value)) {
    if (tooDeep((value as Record<string, unknown>)[key], levelsLeft - 1)) return true;
  }
  return false;
}

/** Most problems that are told of one part of an input: a body can have as many as it has room for. */
const mostProblems = 50;

/** Longest part of an unknown name that is told. */
const longestName = 100;

function pathOf(path: readonly PropertyKey[]): string {
  return path.map((key) => String(key).slice(0, longestName)).join('.');
}

function unknownField(key: string, prefix: readonly PropertyKey[], schema: z.ZodType): FieldProblem {
  const nearest = nearestNames(key, knownNames(schema, prefix));
  const hint = nearest.length > 0 ? `; did you mean ${either(nearest)}?` : '';
  return { path: pathOf([...prefix, key]), message: `is not a known field${hint}` };
}

function problemsOf(error: z.ZodError, schema: z.ZodType): FieldProblem[] {
  return error.issues.slice(0, mostProblems).flatMap((issue): FieldProblem[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, mostProblems).map((key) => unknownField(key, issue.path, schema));
    return [{ path: pathOf(issue.path), message: issue.message }];
  });
}

/** The object at a path, where there is one. */
function objectAt(value: unknown, path: readonly PropertyKey[]): Record<string, unknown> | undefined {
  let found = value;
  for (const key of path) {
    if (!isObject(found)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return isObject(found) ? (found as Record<string, unknown>) : undefined;
}

/** Checks a part without the fields that its schema does not know; their paths are put into `ignored`. */
function parseIgnoring(schema: z.ZodType, value: unknown, ignored: string[]): z.ZodSafeParseResult<unknown> {
  let result = schema.safeParse(value, words);
  let kept = value;
  while (!result.success) {
    const unknown = result.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
    if (unknown.length === 0) return result;
    kept = structuredClone(kept);
    for (const { path, keys } of unknown) {
      const owner = objectAt(kept, path) ?? {};
      for (const key of keys) {
        delete owner[key];
        if (ignored.length < mostProblems) ignored.push(pathOf([...path, key]));
      }
    }
    // Some rules are looked at only when everything else is right.
    result = schema.safeParse(kept, words);
  }
  return result;
}

function sentence(operation: string, problems: readonly FieldProblem[]): string {
  const [first] = problems;
  const others = problems.length < mostProblems ? problems.length - 1 : 'many';
  const more = problems.length > 1 ? ` (and ${others} more)` : '';
  const said = `${operation}: ${first?.path ? `"${first.path}" ` : 'the input '}${first?.message ?? 'is invalid'}${more}`;
  return said.endsWith('?') ? said : `${said}.`;
}

/**
 * Checks an input against schemas and translates its names.
 * @param what what is called, for the sentence
 * @param ignored where the paths of unknown fields are put, which are left out then. @default none: they are refused
 * @throws ValidationError that names every invalid field
 */
export function checkAgainst(
  what: string,
  own: Schemas,
  input: RawInput,
  ignored?: string[],
): Record<string, unknown> {
  const checked: Record<string, unknown> = {};
  const problems: FieldProblem[] = [];
  const parts = [
    ['params', input.params ?? {}],
    ['query', input.query ?? {}],
    ['body', input.body],
  ] as const;
  for (const [part, value] of parts) {
    if (tooDeep(value)) {
      problems.push({ path: '', message: `must not be nested deeper than ${maxDepth} levels` });
      continue;
    }
    const schema = own[part];
    const result =
      ignored === undefined ? schema.safeParse(value, words) : parseIgnoring(schema, value, ignored);
    if (result.success) checked[part] = fromWire(result.data);
    else problems.push(...problemsOf(result.error, schema));
  }
  if (problems.length > 0) throw new ValidationError(sentence(what, problems), { problems });
  return checked;
}

/**
 * Checks an input against the schemas of its operation and translates its names.
 * @param ignored see `checkAgainst`
 * @throws ValidationError that names every invalid field
 */
export function checkInput<K extends OperationName>(
  operation: K,
  input: RawInput,
  ignored?: string[],
): CheckedInput<K> {
  return checkAgainst(operation, schemas[operation], input, ignored) as unknown as CheckedInput<K>;
}

/** What is said in `warnings` of fields that were ignored. */
export function ignoredWarnings(ignored: readonly string[]): string[] {
  return ignored.map((path) => `"${path}" is not a known field and was ignored.`);
}
