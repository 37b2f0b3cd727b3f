/** What earlier answers gave, by the name that the page gives it. */
export type Given = Map<string, string>;

const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const idForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A text with `{names}` replaced by what they stand for. @throws RangeError for a name that nothing was given for */
export function filled(text: string, given: Given): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = given.get(name);
    if (value === undefined) throw new RangeError(`Nothing on the page gave {${name}} a value.`);
    return value;
  });
}

/**
 * What is wrong with a value where the page promises a text: `<time>`, `<seconds>`, `<id>` and `<any>` stand for what
 * differs from run to run, `{name}` for the id that it names: the first time it is taken, later it must be the same.
 */
function textProblem(promised: string, actual: unknown, given: Given): string | undefined {
  const told = JSON.stringify(actual);
  if (promised === '<any>') return actual === undefined ? 'is not there' : undefined;
  if (promised === '<seconds>') return typeof actual === 'number' ? undefined : `is no number: ${told}`;
  if (promised === '<time>') return timeForm.test(String(actual)) ? undefined : `is no time: ${told}`;
  if (promised === '<id>') return idForm.test(String(actual)) ? undefined : `is no id: ${told}`;
  const name = /^\{(\w+)\}$/.exec(promised)?.[1];
  if (name !== undefined && !given.has(name)) {
    if (typeof actual !== 'string') return `is no text: ${told}`;
    given.set(name, actual);
    return undefined;
  }
  const wanted = filled(promised, given);
  return actual === wanted ? undefined : `is ${told}, not ${JSON.stringify(wanted)}`;
}

/** A member that says that there are more than the page shows. */
const more = '…';

/**
 * What an answer has otherwise than the page promises, each with its path; empty when it keeps the promise. Objects may
 * have members that the page leaves out where it says `"…": "…"`, and must have no others elsewhere.
 */
export function broken(promised: unknown, actual: unknown, given: Given, path = ''): string[] {
  if (typeof promised === 'string') {
    const problem = textProblem(promised, actual, given);
    return problem === undefined ? [] : [`${path} ${problem}`];
  }
  if (Array.isArray(promised)) {
    if (!Array.isArray(actual)) return [`${path} is no list: ${JSON.stringify(actual)}`];
    const length = promised.length === actual.length ? [] : [`${path} has ${actual.length} entries`];
    return [
      ...length,
      ...promised.flatMap((item, index) => broken(item, actual[index], given, `${path}[${index}]`)),
    ];
  }
  if (promised === null || typeof promised !== 'object') {
    return promised === actual
      ? []
      : [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(promised)}`];
  }
  if (actual === null || typeof actual !== 'object')
    return [`${path} is no object: ${JSON.stringify(actual)}`];
  const members = actual as Readonly<Record<string, unknown>>;
  const { [more]: open, ...named } = promised as Readonly<Record<string, unknown>>;
  const extra = open === undefined ? Object.keys(members).filter((name) => !(name in named)) : [];
  return [
    ...extra.map((name) => `${path}.${name} is not on the page: ${JSON.stringify(members[name])}`),
    ...Object.entries(named).flatMap(([name, value]) =>
      broken(value, members[name], given, `${path}.${name}`),
    ),
  ];
}
