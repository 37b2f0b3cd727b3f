import { toWire } from '@buildstate/core/light';
import { UsageError } from '../errors/usage-error.ts';
import type { OutputFormat } from './formats.ts';
import { shellAssignments } from './shell-variables.ts';
import type { Style } from './style.ts';
import type { View } from './view.ts';

function wireBody(view: View): unknown {
  const body = view.verbatim === true ? view.body : toWire(view.body);
  return body === undefined ? null : body;
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function unsupported(format: OutputFormat, view: View): UsageError {
  const others = ['table', 'json', 'yaml', ...(view.variables ? ['env'] : []), ...(view.ids ? ['id'] : [])];
  return new UsageError(
    `This command has no output format "${format}". It has ${others.slice(0, -1).join(', ')} and ${others.at(-1)}.`,
  );
}

/** A value as YAML. Loads the library, which costs time that the other formats need not pay. */
export async function yamlText(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value);
}

/**
 * A view as a text in a format, complete and with a newline at its end.
 * @throws UsageError when the view has no such form
 */
export async function showView(view: View, format: OutputFormat, style: Style): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(wireBody(view), null, 2)}\n`;
    case 'yaml':
      return yamlText(wireBody(view));
    case 'table':
      return withNewline(view.text(style));
    case 'id':
      if (view.ids === undefined) throw unsupported(format, view);
      return withNewline(view.ids().join('\n'));
    case 'env':
      if (view.variables === undefined) throw unsupported(format, view);
      return withNewline(shellAssignments(await view.variables()));
  }
}
