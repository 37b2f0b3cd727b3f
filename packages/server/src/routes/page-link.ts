/**
 * The `Link` header (RFC 8288) of a list that goes on.
 * @param url of this request, with its query
 * @param next where the next page begins
 */
export function nextPageLink(url: string, next: string): string {
  const [path = '/', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', next);
  // A cursor says where to begin; what was skipped is behind it.
  parameters.delete('skip');
  return `<${path}?${parameters.toString()}>; rel="next"`;
}
