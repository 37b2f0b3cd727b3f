import type { z } from 'zod';
import type { FieldProblem } from '../errors/buildstate-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { nearestNames } from '../text/nearest-names.ts';
import { fromWire } from './casing.ts';
import { type CheckedInput, type Schemas, schemas } from './contract.ts';
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

/** Whether a value is nested too deeply to be walked by recursion. Iterative for that reason. */
function tooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true;
    level = level.flatMap((item) => (item !== null && typeof item === 'object' ? Object.values(item) : []));
  }
  return false;
}

function shapeKeys(schema: z.ZodType): string[] {
  const inner =
    'unwrap' in schema && typeof schema.unwrap === 'function' ? (schema.unwrap() as z.ZodType) : schema;
  return 'shape' in inner ? Object.keys(inner.shape as object) : [];
}

function unknownField(key: string, prefix: readonly PropertyKey[], known: readonly string[]): FieldProblem {
  const nearest = prefix.length === 0 ? nearestNames(key, known) : [];
  const hint = nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : '';
  return { path: [...prefix, key].map(String).join('.'), message: `is not a known field${hint}` };
}

function problemsOf(error: z.ZodError, schema: z.ZodType): FieldProblem[] {
  const known = shapeKeys(schema);
  return error.issues.flatMap((issue): FieldProblem[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownField(key, issue.path, known));
    return [{ path: issue.path.map(String).join('.'), message: issue.message }];
  });
}

function sentence(operation: string, problems: readonly FieldProblem[]): string {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${operation}: ${first?.path ? `"${first.path}" ` : 'the input '}${first?.message ?? 'is invalid'}${more}.`;
}

/**
 * Checks an input against schemas and translates its names.
 * @param what what is called, for the sentence
 * @throws ValidationError that names every invalid field
 */
export function checkAgainst(what: string, own: Schemas, input: RawInput): Record<string, unknown> {
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
    const result = own[part].safeParse(value);
    if (result.success) checked[part] = fromWire(result.data);
    else problems.push(...problemsOf(result.error, own[part]));
  }
  if (problems.length > 0) throw new ValidationError(sentence(what, problems), { problems });
  return checked;
}

/**
 * Checks an input against the schemas of its operation and translates its names.
 * @throws ValidationError that names every invalid field
 */
export function checkInput<K extends OperationName>(operation: K, input: RawInput): CheckedInput<K> {
  return checkAgainst(operation, schemas[operation], input) as unknown as CheckedInput<K>;
}
