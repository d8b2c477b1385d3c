/** One point of InfluxDB: `measurement,tag=value field=value time`. */
export interface Point {
  measurement: string;
  /** Those without a value are left out. */
  tags: Readonly<Record<string, string | undefined>>;
  /** Those that are missing or not finite are left out. */
  fields: Readonly<Record<string, number | undefined>>;
  /** Milliseconds since 1970, fractional; the line has microseconds. */
  timeUnixMs: number;
}

/**
 * A point in line protocol (InfluxDB 1.x and 2.x documentation, "Line protocol"), time in
 * microseconds. Every field is a float: an `i` for those that happen to be whole would make a field
 * change its type, which InfluxDB refuses.
 *
 * @returns `undefined` for a point without a field: line protocol has no line for it, as nothing
 *   was measured
 */
export function lineOf({ measurement, tags, fields, timeUnixMs }: Point): string | undefined {
  let line = escaped(measurement, measurementSpecials);
  // Sorted by key, which is what the documentation asks for and costs the server least.
  for (const key of Object.keys(tags).sort()) {
    const value = tags[key];
    if (value === undefined || value === '') continue;
    line += `,${escaped(key, keySpecials)}=${escaped(value, keySpecials)}`;
  }
  let separator = ' ';
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || !Number.isFinite(value)) continue;
    line += `${separator}${escaped(key, keySpecials)}=${value}`;
    separator = ',';
  }
  return separator === ' ' ? undefined : `${line} ${Math.round(timeUnixMs * 1000)}`;
}

const measurementSpecials = /[, ]/g;
/** Of tag keys, tag values and field keys. */
const keySpecials = /[,= ]/g;

/**
 * Line protocol has no escape for a backslash, and one at the end would escape what follows the
 * name; nor has it one for a line's end within a name. Both become `_`.
 */
function escaped(text: string, specials: RegExp): string {
  return text.replace(/[\r\n]|\\+$/g, '_').replace(specials, '\\$&');
}
