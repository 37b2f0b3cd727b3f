import type { Environment } from '@buildstate/node-runtime';

/** The text with its variables filled in, or what is wrong with it. */
export type Expansion = { readonly text: string } | { readonly problem: string };

const token = /\$\$|\$\{([^}]*)\}?/g;
const reference = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:-)(.*))?$/s;

function expandBody(body: string, environment: Environment): string | { readonly problem: string } {
  const [, name, hasDefault, fallback = ''] = reference.exec(body) ?? [];
  if (name === undefined)
    return { problem: `has "\${${body}", which is neither \${VAR} nor \${VAR:-default}` };
  if (fallback.includes('${')) return { problem: `has a variable inside the default of \${${name}}` };
  const value = environment[name];
  // As in shells, `:-` stands in for an empty value too.
  if (hasDefault !== undefined) return value === undefined || value === '' ? fallback : value;
  return value ?? { problem: `uses \${${name}}, which is not set; set it or write \${${name}:-default}` };
}

/**
 * Fills in `${VAR}` and `${VAR:-default}` from the environment; `$$` is a dollar. Any other dollar stays.
 */
export function expand(text: string, environment: Environment): Expansion {
  let problem: string | undefined;
  const expanded = text.replace(token, (match: string, body: string | undefined) => {
    if (match === '$$') return '$';
    const value = match.endsWith('}')
      ? expandBody(body ?? '', environment)
      : { problem: `has "${match}" without a closing brace` };
    if (typeof value === 'string') return value;
    problem ??= value.problem;
    return match;
  });
  return problem === undefined ? { text: expanded } : { problem };
}
