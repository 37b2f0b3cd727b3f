import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** Where something stands in a text; both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML text with a way back from its values to their places. */
export interface YamlText {
  /** The values. */
  readonly value: unknown;
  /** What is wrong with the text itself. */
  readonly problems: readonly { readonly place: Place; readonly message: string }[];
  /** Where a value stands: the key where there is one, else the value. Of a missing one, what should have it. */
  placeOf(path: readonly PropertyKey[]): Place;
}

function child(node: unknown, key: PropertyKey): { readonly at: Node | undefined; readonly value: unknown } {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    if (isPair(pair)) return { at: pair.key as Node, value: pair.value };
  }
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return { at: item as Node | undefined, value: item };
  }
  return { at: undefined, value: undefined };
}

function nodeAt(document: Document, path: readonly PropertyKey[]): Node | undefined {
  let value: unknown = document.contents;
  let at = (document.contents ?? undefined) as Node | undefined;
  for (const key of path) {
    const next = child(value, key);
    if (next.at === undefined) break;
    at = next.at;
    value = next.value;
  }
  return at;
}

/** Reads a YAML text that holds one document. Never throws: what is wrong is in `problems`. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    place: place(pos[0]),
    message: message.replace(/\.$/, ''),
  }));
  return {
    value: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }),
    problems,
    placeOf: (path) => place(nodeAt(document as Document, path)?.range?.[0] ?? 0),
  };
}
