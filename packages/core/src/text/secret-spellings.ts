/** Longest value that is looked for in encoded form. */
const longestEncoded = 4096;

function base64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/=+$/, '');
}

/** A secret as tools print it: as it is, within JSON, within a URL, and in base64 (without its padding). */
export function spellingsOf(secret: string): string[] {
  if (secret.length > longestEncoded) return [secret];
  const all = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64(secret)];
  return [...new Set(all)];
}
