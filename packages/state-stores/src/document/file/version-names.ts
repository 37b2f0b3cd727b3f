/** A version of a document: the how manyth it is, and what nobody else has called theirs. */
export interface Version {
  readonly number: number;
  readonly nonce: string;
}

const form = /^(at|of)\.([1-9]\d{0,14})\.([0-9a-f-]{36})$/;

/** The version as one text, for callers. */
export function versionText({ number, nonce }: Version): string {
  return `${number}.${nonce}`;
}

/** Reads what `versionText` made; `undefined` for any other text. */
export function parseVersion(text: string): Version | undefined {
  return parse(`at.${text}`)?.version;
}

/** The file whose name says which version is current. Of the first version, it holds the text as well. */
export function pointerName(version: Version): string {
  return `at.${versionText(version)}`;
}

/** The file that holds the text of a version. */
export function contentName(version: Version): string {
  return version.number === 1 ? pointerName(version) : `of.${versionText(version)}`;
}

function parse(name: string): { readonly kind: string; readonly version: Version } | undefined {
  const [, kind, number, nonce] = form.exec(name) ?? [];
  if (kind === undefined || nonce === undefined) return undefined;
  return { kind, version: { number: Number(number), nonce } };
}

/** The current version among the names in a document's folder. */
export function currentVersion(names: readonly string[]): Version | undefined {
  const pointers = names.flatMap((name) => {
    const parsed = parse(name);
    return parsed?.kind === 'at' ? [parsed.version] : [];
  });
  // A listing made during a rename may show both names; the newer one is true.
  return pointers.toSorted((a, b) => b.number - a.number)[0];
}

/** The names of texts that can never become current, or not any more, once `current` is. */
export function staleNames(names: readonly string[], current: Version): string[] {
  return names.filter((name) => {
    const parsed = parse(name);
    return (
      parsed?.kind === 'of' &&
      parsed.version.number <= current.number &&
      parsed.version.nonce !== current.nonce
    );
  });
}
