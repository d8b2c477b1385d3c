import { nameFilter } from '../glob.ts';
import type { RecordKind, TapRecord } from './tap-record.ts';

/** What a record must have to be printed; what is not given lets everything pass. */
export interface TapFilterOptions {
  /** Patterns of link names; see `nameFilter`. */
  readonly links: readonly string[];
  /** Patterns of target names: decisions only. */
  readonly targets: readonly string[];
  /** Patterns of reason codes: decisions only, one of whose reasons must match. */
  readonly reasons: readonly string[];
  /** Packets dropped in the interval, at least: samples, and decisions made on such a sample. */
  readonly dropsMin?: number | undefined;
}

/** Kinds that can pass at all: a kind that lacks what is asked for need not even be fetched. */
export function kindsThatCanPass(
  kinds: readonly RecordKind[],
  { targets, reasons, dropsMin }: TapFilterOptions,
): RecordKind[] {
  return kinds.filter((kind) => {
    if (kind !== 'decision' && (targets.length > 0 || reasons.length > 0)) return false;
    return kind !== 'event' || dropsMin === undefined;
  });
}

/** The filter as a function; a record without a value that is asked for does not pass. */
export function tapFilter(options: TapFilterOptions): (record: TapRecord) => boolean {
  const isLink = nameFilter(options.links);
  const isTarget = nameFilter(options.targets);
  const isReason = nameFilter(options.reasons);
  const isAnyLink = options.links.length === 0;
  return (record) => {
    if (!isAnyLink && (record.link === undefined || !isLink(record.link))) return false;
    if (options.dropsMin !== undefined) {
      const drops = record.kind === 'event' ? undefined : record.droppedPackets;
      if (drops === undefined || drops < options.dropsMin) return false;
    }
    if (record.kind !== 'decision') {
      return options.targets.length === 0 && options.reasons.length === 0;
    }
    if (!isTarget(record.target)) return false;
    return options.reasons.length === 0 || record.reasons.some(isReason);
  };
}
