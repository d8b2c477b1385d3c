import { bytes, count, milliseconds, percent, significant } from './format.ts';

/** A figure of a resource's own, as a person reads it. */
export interface MetricText {
  readonly label: string;
  readonly text: string;
}

/** Parts of a name that are the unit, the longer ones first; what they stand for is in the text. */
const units: readonly { part: RegExp; textOf: (value: number) => string }[] = [
  { part: /BytesPerSecond$/, textOf: (value) => `${bytes(value)}/s` },
  { part: /PerSecond$/, textOf: (value) => `${figure(value)}/s` },
  { part: /Bytes$/, textOf: bytes },
  { part: /Ratio$/, textOf: percent },
  { part: /Seconds(?=Mean$|$)|S$/, textOf: seconds },
  { part: /Total$/, textOf: figure },
  { part: /^is(?=[A-Z])/, textOf: (value) => (value === 0 ? 'no' : 'yes') },
];

/** `oldestWaitS`, 0.02 -> `Oldest wait`, `20.0 ms`. */
export function metricText(name: string, value: number): MetricText {
  const unit = units.find(({ part }) => part.test(name));
  if (unit === undefined) return { label: wordsOf(name), text: figure(value) };
  return { label: wordsOf(name.replace(unit.part, '')), text: unit.textOf(value) };
}

/** A number without a unit: whole where it is. */
export function figure(value: number): string {
  return Number.isInteger(value) ? count(value) : significant(value);
}

function seconds(value: number): string {
  if (value === 0) return '0 s';
  return value < 1 ? milliseconds(value) : `${significant(value)} s`;
}

/** `waitingClients` -> `Waiting clients`. */
function wordsOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  const known = words.replace(/\b(gc|cpu)\b/g, (word) => word.toUpperCase());
  return known.charAt(0).toUpperCase() + known.slice(1);
}
