/**
 * The candidate a person most likely meant: fewest edits (insert, delete, replace, swap of
 * neighbours: optimal string alignment), at most a third of the name. The last part of a dotted
 * key counts by itself too, so `cert_file` finds `tls.cert_file`, and a beginning counts as one
 * edit, so `tls.cert` does.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let editsMin = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const last = candidate.slice(candidate.lastIndexOf('.') + 1);
    const isBeginning = name.length >= 3 && candidate.toLowerCase().startsWith(name.toLowerCase());
    const edits = Math.min(
      isBeginning ? 1 : edit(name, candidate),
      last === candidate ? Number.POSITIVE_INFINITY : edit(name, last) + 0.5,
    );
    if (edits < editsMin) {
      editsMin = edits;
      best = candidate;
    }
  }
  return editsMin <= Math.max(2, name.length / 3) ? best : undefined;
}

function edit(left: string, right: string): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = row > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
