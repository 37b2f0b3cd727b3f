import type { ReferenceKind } from '../project/reference.ts';
import { referenceKinds } from '../project/reference.ts';
import type { CamelCase } from './casing.ts';
import type { Route } from './route.ts';

/** One entry of a kind, as operations are named: `platforms` → `Platform`. */
type One<K extends ReferenceKind> = K extends `${infer Word}s` ? Capitalize<CamelCase<Word>> : never;
/** Many of them: `os_versions` → `OsVersions`. */
type Many<K extends ReferenceKind> = Capitalize<CamelCase<K>>;

/** The names of the five operations on a kind of reference data. */
export interface ReferenceOperations<K extends ReferenceKind> {
  /** Adds an entry. */
  readonly create: `create${One<K>}`;
  /** Lists entries. */
  readonly list: `list${Many<K>}`;
  /** Gets one. */
  readonly get: `get${One<K>}`;
  /** Changes one. */
  readonly update: `update${One<K>}`;
  /** Deactivates one. */
  readonly delete: `delete${One<K>}`;
}

/** The name of any operation on reference data. */
export type ReferenceOperationName = {
  [K in ReferenceKind]: ReferenceOperations<K>[keyof ReferenceOperations<K>];
}[ReferenceKind];

const pascalCase = (words: string) =>
  words.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The names of the operations on a kind: `createOsVersion`, `listOsVersions`, … */
export function referenceOperations<K extends ReferenceKind>(kind: K): ReferenceOperations<K> {
  const many = pascalCase(kind);
  const one = many.slice(0, -1);
  const names = {
    create: `create${one}`,
    list: `list${many}`,
    get: `get${one}`,
    update: `update${one}`,
    delete: `delete${one}`,
  };
  return names as ReferenceOperations<K>;
}

/** What one entry of a kind is called in sentences: `os_versions` → `OS version`. */
export function referenceWords(kind: ReferenceKind): string {
  return kind.replaceAll('_', ' ').replace(/s$/, '').replace(/^os /, 'OS ');
}

function routesOf(kind: ReferenceKind): [string, Route][] {
  const { create, list, get, update, delete: remove } = referenceOperations(kind);
  const words = referenceWords(kind);
  const all: Route['path'] = `/${kind.replaceAll('_', '-')}`;
  const one: Route['path'] = `${all}/{id}`;
  const common = { tag: 'Reference data', repeatable: true } as const;
  const read = { ...common, method: 'GET', scope: 'read', status: 200 } as const;
  return [
    [
      create,
      {
        ...common,
        method: 'POST',
        path: all,
        scope: 'write',
        status: 201,
        summary: `Add ${withArticle(words)}`,
      },
    ],
    [list, { ...read, path: all, summary: `List ${words}s` }],
    [get, { ...read, path: one, summary: `Get ${withArticle(words)} by id or name` }],
    [
      update,
      {
        ...common,
        method: 'PUT',
        path: one,
        scope: 'write',
        status: 200,
        summary: `Change ${withArticle(words)}`,
      },
    ],
    [
      remove,
      {
        ...common,
        method: 'DELETE',
        path: one,
        scope: 'admin',
        status: 204,
        summary: `Deactivate ${withArticle(words)}`,
      },
    ],
  ];
}

/** `a platform`, `an image type`. */
export function withArticle(words: string): string {
  return `${/^[aeio]/i.test(words) ? 'an' : 'a'} ${words}`;
}

/** The operations on all kinds of reference data. */
export const referenceRoutes = Object.fromEntries(referenceKinds.flatMap(routesOf)) as Readonly<
  Record<ReferenceOperationName, Route>
>;
