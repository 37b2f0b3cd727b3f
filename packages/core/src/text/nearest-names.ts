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

/** Longest text that is compared; comparing takes time in proportion to its square. */
const longest = 64;

/** How many letters may differ: a third of them, two of a short name, and never more than half. */
function tolerance(name: string): number {
  return Math.min(Math.floor(name.length / 2), Math.max(2, Math.floor(name.length / 3)));
}

/**
 * The names that somebody may have meant: at most three, the nearest first, and none that is further than
 * half of its own length. A name that contains the wanted text counts as near.
 */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const text = wanted.slice(0, longest).toLowerCase();
  return names
    .map((name) => {
      const known = name.slice(0, longest).toLowerCase();
      return { name, far: distance(text, known), inside: text.length > 2 && known.includes(text) };
    })
    .filter(({ name, far, inside }) => inside || far <= tolerance(name))
    .sort((a, b) => Number(b.inside) - Number(a.inside) || a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}
