/** The `ETag` of a version: quoted, with everything escaped that a tag must not have. */
export function entityTag(version: string): string {
  return `"${encodeURIComponent(version)}"`;
}

/** Whether a list of tags (`If-Match`, `If-None-Match`) names this one. Weak tags never match strongly. */
export function namesTag(header: string, tag: string): boolean {
  return header.trim() === '*' || header.split(',').some((one) => one.trim() === tag);
}
