import type { TopView } from './top-view.ts';

/** One refresh as one object. */
export function topJson({ timeUnixMs, links, sources, losses }: TopView): string {
  return JSON.stringify({ timeUnixMs, links, sources, losses });
}

/** One refresh as lines: what was lost, services that do not answer, then a line for each link. */
export function topJsonLines({ timeUnixMs, links, sources, losses }: TopView): string[] {
  const records = [
    ...losses.map((loss) => ({ kind: 'lost', timeUnixMs, ...loss })),
    ...sources
      .filter(({ state }) => state !== 'flowing')
      .map((source) => ({ kind: 'source', timeUnixMs, ...source })),
    ...links.map((link) => ({ kind: 'link', timeUnixMs, ...link })),
  ];
  return records.map((record) => JSON.stringify(record));
}
