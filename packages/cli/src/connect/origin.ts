/** The origin of a server's URL, which keys belong to; `undefined` for stores and for what is no URL. */
export function originOf(url: string): string | undefined {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).origin;
}

/** A URL without the name and password in it, to be shown. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}
