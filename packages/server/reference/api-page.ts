import { type Route, routes, transferRoutes } from '@buildstate/core';
import { anchorOf, markdownTable, paragraphs, type ReferencePage } from '@buildstate/tooling/reference';
import type { Document, Operation, Parameter, Schema } from './open-api.ts';
import { fieldTable, referredName, typeText } from './schema-text.ts';

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const json = 'application/json';
const introduction = `Every server describes its API at \`/openapi.json\` (OpenAPI 3.1), and serves it to read and try at \`/docs\`. This page
is the same to read without one. Paths work with and without a slash at their end. A key goes into \`X-API-Key\` or
\`Authorization: Bearer\`; \`read\` < \`write\` < \`admin\`. Errors are explained [here](errors.md).`;

function entriesOf(document: Document): Entry[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** Further paths of an operation. */
function aliasesOf(name: string): readonly string[] {
  const all: Readonly<Record<string, Route>> = { ...routes, ...transferRoutes };
  return all[name]?.aliases ?? [];
}

function parameterTable(parameters: readonly Parameter[] = []): string {
  const rows = parameters.map(({ name, in: place, required = false, description, schema }) => [
    `\`${name}\``,
    place,
    schema === undefined ? '' : typeText(schema),
    [required && place !== 'path' ? 'Required.' : '', description ?? schema?.description ?? '']
      .filter(Boolean)
      .join(' '),
  ]);
  return markdownTable(['parameter', 'in', 'type', 'meaning'], rows);
}

function resolved(document: Document, schema: Schema): Schema {
  const name = referredName(schema);
  return name === undefined ? schema : (document.components.schemas[name] ?? schema);
}

function bodyText(document: Document, { requestBody }: Operation): string {
  if (requestBody === undefined) return '';
  const title = requestBody.required === false ? 'Body, which may be left out:' : 'Body:';
  return paragraphs(
    ...Object.entries(requestBody.content).map(([type, { schema = {} }]) => {
      const named = type === json ? title : `${title.slice(0, -1)} as \`${type}\`:`;
      const whole = resolved(document, schema);
      const fields = fieldTable(whole, true);
      return fields === '' ? `${named} ${typeText(whole)}` : `${named}\n\n${fields}`;
    }),
  );
}

function answerText({ responses }: Operation): string {
  const codes = Object.entries(responses);
  const good = codes
    .filter(([status]) => status < '400')
    .map(([status, { content, description }]) => {
      const schema = content?.[json]?.schema;
      return `**${status}** ${schema === undefined ? description : typeText(schema)}`;
    });
  const bad = codes.filter(([status]) => status >= '400').map(([status]) => status);
  return paragraphs(`Answers: ${good.join('; ')}.`, bad.length === 0 ? '' : `Errors: ${bad.join(', ')}.`);
}

function operationText(document: Document, { method, path, operation }: Entry): string {
  const aliases = aliasesOf(operation.operationId);
  return paragraphs(
    `### ${operation.summary}`,
    `\`${method} ${path}\`${aliases.map((alias) => `, also \`${alias}\``).join('')}`,
    operation.description,
    parameterTable(operation.parameters),
    bodyText(document, operation),
    answerText(operation),
  );
}

/** Names of the schemas that answers are made of; bodies are shown where they are sent. */
function answeredSchemas(document: Document, entries: readonly Entry[]): string[] {
  const found = new Set<string>();
  const queue: unknown[] = entries.flatMap(({ operation }) =>
    Object.values(operation.responses).map(({ content }) => content?.[json]?.schema),
  );
  for (let value = queue.pop(); value !== undefined || queue.length > 0; value = queue.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const name = referredName(value as Schema);
    if (name === undefined) queue.push(...Object.values(value));
    else if (!found.has(name)) {
      found.add(name);
      queue.push(document.components.schemas[name]);
    }
  }
  return [...found].sort();
}

function contents(tag: string, entries: readonly Entry[]): string[][] {
  return entries.map(({ method, path, operation }) => [
    tag,
    `[\`${method} ${path}\`](#${anchorOf(operation.summary)})`,
    operation.summary,
  ]);
}

/** Every operation of the API, by its group, from the OpenAPI document. */
export function apiPage(document: Document): ReferencePage {
  const entries = entriesOf(document);
  const groups = document.tags.map(({ name, description = '' }) => ({
    name,
    description,
    own: entries.filter(({ operation }) => operation.tags[0] === name),
  }));
  const schemas = answeredSchemas(document, entries).map((name) => {
    const schema = document.components.schemas[name] ?? {};
    const fields = fieldTable(schema, false);
    return paragraphs(
      `### ${name}`,
      schema.description ?? '',
      fields === '' ? typeText({ ...schema }) : fields,
    );
  });
  return {
    name: 'api.md',
    title: 'HTTP API',
    text: paragraphs(
      introduction,
      markdownTable(
        ['group', 'operation', ''],
        groups.flatMap(({ name, own }) => contents(name, own)),
      ),
      ...groups.map(({ name, description, own }) =>
        paragraphs(`## ${name}`, description, ...own.map((entry) => operationText(document, entry))),
      ),
      '## Schemas',
      ...schemas,
    ),
  };
}
