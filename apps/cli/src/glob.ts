/** Decides whether a name is meant by a filter. */
export type NameFilter = (name: string) => boolean;

/**
 * A filter of names: `*` is any number of characters, `?` is one, everything else itself; a name
 * passes when one of the patterns matches it whole. No pattern at all lets every name pass.
 */
export function nameFilter(patterns: readonly string[]): NameFilter {
  if (patterns.length === 0) return () => true;
  return (name) => patterns.some((pattern) => matches(pattern, name));
}

/** Whether a pattern means one name only, so that a service can be asked for just that. */
export function isExactName(pattern: string): boolean {
  return !/[*?]/.test(pattern);
}

/** Goes back to the last `*` only, so that no pattern takes more than length times length steps. */
function matches(pattern: string, name: string): boolean {
  let [at, place, star, resume] = [0, 0, -1, 0];
  while (place < name.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      resume = place;
      at += 1;
    } else if (wanted !== undefined && (wanted === '?' || wanted === name[place])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      place = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
