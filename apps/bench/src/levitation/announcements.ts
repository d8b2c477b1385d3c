/** How often each forecaster announced a burst, by its name in the answers. */
export type Announcements = Record<string, number>;

/** Count what was announced. */
export function announcementsOf(
  forecasts: Iterable<{ burstPredicted: boolean; model: string }>,
): Announcements {
  const counts: Announcements = {};
  for (const { burstPredicted, model } of forecasts) {
    if (burstPredicted) counts[model] = (counts[model] ?? 0) + 1;
  }
  return counts;
}

/** Sums over several links. */
export function sumAnnouncements(each: Iterable<Announcements>): Announcements {
  const sums: Announcements = {};
  for (const counts of each) {
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
