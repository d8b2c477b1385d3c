/** Numbers as a person reads them in a column; a dash where there is none. */

/** Bytes a second as bits: `4.0 Mbit/s`, the unit in which links are sold. */
export function bitRate(bytesPerSecond: number | undefined): string {
  if (bytesPerSecond === undefined) return '-';
  const bits = bytesPerSecond * 8;
  if (bits >= 1e9) return `${digits(bits / 1e9)} Gbit/s`;
  if (bits >= 1e6) return `${digits(bits / 1e6)} Mbit/s`;
  return `${digits(bits / 1e3)} kbit/s`;
}

/** Bytes as B, KB, MB of 1,024, as the controller's reasons say them. */
export function size(bytes: number | undefined): string {
  if (bytes === undefined) return '-';
  if (bytes >= 10 * 1_048_576) return `${digits(bytes / 1_048_576)} MB`;
  if (bytes >= 1_024) return `${digits(bytes / 1_024)} KB`;
  return `${Math.round(bytes)} B`;
}

/** A whole number, thousands set apart. */
export function count(value: number | undefined): string {
  return value === undefined ? '-' : Math.round(value).toLocaleString('en-US');
}

/** Seconds as milliseconds: `1.8 ms`. */
export function delay(seconds: number | undefined): string {
  return seconds === undefined ? '-' : `${digits(seconds * 1_000)} ms`;
}

/** `18:05:03.120`, UTC, as everywhere in the command's output. */
export function timeOfDay(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(11, 23);
}

function digits(value: number): string {
  return value < 99.95 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
}
