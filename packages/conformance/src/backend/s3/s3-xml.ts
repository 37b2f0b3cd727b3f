function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Values of an XML element: texts, or further elements; a list repeats its element. */
export type XmlValue = string | number | boolean | XmlElement | readonly XmlElement[];
/** An XML element's children by name. */
export interface XmlElement {
  readonly [name: string]: XmlValue;
}

function render(name: string, value: XmlValue): string {
  if (Array.isArray(value)) return value.map((item: XmlElement) => render(name, item)).join('');
  const inner = typeof value === 'object' ? children(value as XmlElement) : escaped(String(value));
  return `<${name}>${inner}</${name}>`;
}

function children(element: XmlElement): string {
  return Object.entries(element)
    .map(([name, value]) => render(name, value))
    .join('');
}

/** An XML document as S3 sends them. */
export function xmlDocument(root: string, element: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, element)}`;
}

/** A part, as a request to complete an upload names it. */
export interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly crc32: string | undefined;
}

/** The parts that a request to complete an upload names. */
export function parseCompletion(text: string): readonly NamedPart[] {
  return [...text.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: (/<ETag>(.*?)<\/ETag>/s.exec(part)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&#34;', '"'),
    crc32: /<ChecksumCRC32>(.*?)<\/ChecksumCRC32>/.exec(part)?.[1],
  }));
}
