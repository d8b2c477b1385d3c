/** Numbers as a person reads them; every figure of the page goes through here. */

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A whole number with thousands set apart; a dash when there is none. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : grouped.format(value);
}

/** Bytes per second as Mbit/s, the unit links are sold in. */
export function megabitsPerSecond(bytesPerSecond: number | null | undefined): string {
  return bytesPerSecond === null || bytesPerSecond === undefined
    ? '–'
    : `${significant((bytesPerSecond * 8) / 1e6)} Mbit/s`;
}

/** Bytes as B, KB or MB of 1,024, as queue limits are set and the controller's reasons say them. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value >= 10_240 * 1_024) return `${significant(value / 1_048_576)} MB`;
  if (value >= 102_400) return `${grouped.format(value / 1_024)} KB`;
  if (value >= 1_024) return `${significant(value / 1_024)} KB`;
  return `${Math.round(value)} B`;
}

/** Seconds as milliseconds. */
export function milliseconds(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? '–' : `${significant(seconds * 1e3)} ms`;
}

/** Time of day with tenths, in the reader's zone. */
export function timeOfDay(unixMs: number): string {
  const date = new Date(unixMs);
  const part = (value: number) => String(value).padStart(2, '0');
  const tenths = Math.floor(date.getMilliseconds() / 100);
  return `${part(date.getHours())}:${part(date.getMinutes())}:${part(date.getSeconds())}.${tenths}`;
}

/** A share of 0 to 1 in percent. */
export function percent(share: number): string {
  return `${significant(100 * share)} %`;
}

/** Change from one count to another in percent, with its sign; undefined from nothing. */
export function changePercent(counts: { from: number; to: number }): string | undefined {
  if (counts.from === 0) return undefined;
  const change = ((counts.to - counts.from) / counts.from) * 100;
  // Rounding must not say that everything is gone while something is left.
  const isAlmostAll = counts.to > 0 && change < -99.9;
  const digits = isAlmostAll ? 3 : 1;
  const shown = Math.abs(change).toFixed(digits);
  return `${change < 0 ? '−' : '+'}${shown} %`;
}

/** Three significant digits, no exponent, no trailing noise. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || value === 0) return grouped.format(value);
  return value.toFixed(size >= 10 ? 1 : 2);
}
