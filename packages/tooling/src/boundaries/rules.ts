import type { IRegularForbiddenRuleType } from 'dependency-cruiser';
import { type Boundary, compositionFiles } from './table.ts';

const folders = (names: readonly string[]): string => `^packages/(${names.join('|')})/`;

const forbid = (
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType => ({ name, comment, severity: 'error', from, to });

/** The rules that hold in every package, whatever the table says. */
const commonRules: readonly IRegularForbiddenRuleType[] = [
  forbid('no-cycle', 'Modules must not import each other in a circle.', {}, { circular: true }),
  forbid(
    'no-reaching-into-packages',
    'Another package is imported by its name, never by a path into its folders.',
    { path: '^(packages|integrations)/([^/]+)/' },
    {
      path: '^(packages|integrations)/',
      pathNot: '^$1/$2/',
      dependencyTypes: ['local', 'localmodule'],
    },
  ),
  forbid(
    'no-undeclared-dependency',
    'Whatever the sources import at run time is a dependency in the package manifest.',
    { path: '^(packages|integrations)/[^/]+/src/', pathNot: '^packages/tooling/' },
    {
      dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'],
      dependencyTypesNot: ['type-only', 'npm-peer', 'npm-optional'],
    },
  ),
  forbid('no-unresolvable', 'The import leads nowhere.', { path: '^packages/' }, { couldNotResolve: true }),
];

function rulesOf(
  name: string,
  boundary: Boundary,
  everyPackage: readonly string[],
): IRegularForbiddenRuleType[] {
  const from = { path: `^packages/${name}/src/` };
  const dynamic = boundary.dynamicImports ?? [];
  const composed = boundary.compositionImports ?? [];
  const reachable = [name, ...boundary.imports, ...dynamic, ...composed];
  const strangers = everyPackage.filter((other) => !reachable.includes(other));
  const rules = [
    forbid(
      `${name}-layer`,
      `${name} may import ${boundary.imports.join(', ') || 'no other package'}.`,
      from,
      {
        path: folders(strangers),
      },
    ),
  ];
  if (dynamic.length > 0) {
    rules.push(
      forbid(`${name}-lazy`, `${name} loads ${dynamic.join(', ')} with import() only.`, from, {
        path: folders(dynamic),
        dynamic: false,
        dependencyTypesNot: ['type-only', 'type-import'],
      }),
    );
  }
  if (composed.length > 0) {
    rules.push(
      forbid(
        `${name}-composition`,
        `Only the composition files of ${name} import ${composed.join(', ')}.`,
        { ...from, pathNot: `^packages/${name}/${compositionFiles}` },
        { path: folders(composed) },
      ),
    );
  }
  if (boundary.npm !== undefined) {
    rules.push(
      forbid(`${name}-npm`, `From npm, ${name} uses only ${boundary.npm.join(', ')}.`, from, {
        path: 'node_modules/',
        pathNot: `node_modules/(${boundary.npm.join('|')})/`,
      }),
    );
  }
  if (boundary.node === false) {
    rules.push(
      forbid(`${name}-pure`, `${name} does no I/O and uses none of Node's modules.`, from, {
        dependencyTypes: ['core'],
      }),
    );
  }
  return rules;
}

/** Turns the table into dependency-cruiser's forbidden rules, the common ones first. */
export function boundaryRules(table: Readonly<Record<string, Boundary>>): IRegularForbiddenRuleType[] {
  const everyPackage = [...Object.keys(table), 'tooling'];
  return [
    ...commonRules,
    ...Object.entries(table).flatMap(([name, boundary]) => rulesOf(name, boundary, everyPackage)),
  ];
}
