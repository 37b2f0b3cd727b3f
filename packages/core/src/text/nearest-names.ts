/** The Levenshtein distance between two short texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * The names that somebody may have meant: at most three, the nearest first, and none that is further than
 * half of its own length. A name that contains the wanted text counts as near.
 */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const text = wanted.slice(0, 64).toLowerCase();
  return names
    .map((name) => ({
      name,
      far: distance(text, name.toLowerCase()),
      inside: text.length > 2 && name.includes(text),
    }))
    .filter(({ name, far, inside }) => inside || far <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => Number(b.inside) - Number(a.inside) || a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}
