import { UsageError } from '../errors/usage-error.ts';

/** An artifact's name with the file that a flag gives it. */
export interface NamedFile {
  /** Name of the artifact. */
  readonly name: string;
  /** The file. */
  readonly path: string;
}

function split(text: string): readonly [name: string, path: string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** `NAME=FILE`. @throws UsageError */
export function namedFile(flag: string, text: string): NamedFile {
  const [name, path] = split(text);
  if (name !== '' && path !== undefined && path !== '') return { name, path };
  throw new UsageError(`--${flag} is NAME=FILE, such as base-image=output/base.qcow2, not "${text}".`);
}

/** `NAME` or `NAME=FILE`. @throws UsageError */
export function nameWithFile(flag: string, text: string): { readonly name: string; readonly path?: string } {
  const [name, path] = split(text);
  if (name !== '' && path !== '') return path === undefined ? { name } : { name, path };
  throw new UsageError(`--${flag} is NAME or NAME=FILE, such as base-image=in.qcow2, not "${text}".`);
}
