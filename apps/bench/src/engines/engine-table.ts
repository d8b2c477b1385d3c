import type { EngineReading, EngineReadings } from './engine-readings.ts';

/** The readings as a table in Markdown, as it stands in docs/models/engines.md. */
export function engineTable(all: readonly EngineReadings[]): string {
  const rows = all.map(({ name, reading }) => [
    name,
    ...(typeof reading === 'string' ? [reading, '', '', '', ''] : cells(reading)),
  ]);
  const head = [
    ...['engine', 'variant', 'window p50', 'its CPU', 'step of 64', 'its CPU'],
    ...['outputs differ', 'gradients differ'],
  ];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function cells(reading: EngineReading): string[] {
  return [
    reading.variant,
    milliseconds(reading.windowMs),
    milliseconds(reading.windowCpuMs),
    milliseconds(reading.trainingStepMs),
    milliseconds(reading.trainingStepCpuMs),
    difference(reading.outputDifference),
    difference(reading.gradientDifference),
  ];
}

function milliseconds(value: number): string {
  return `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)} ms`;
}

function difference(value: number): string {
  return value === 0 ? 'reference' : value.toExponential(0);
}
