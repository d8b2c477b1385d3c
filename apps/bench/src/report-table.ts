import type { Bench, BenchKey } from './bench.ts';
import type { BenchReport } from './report.ts';

/** A report for a person: a row per figure with its bar, then the reasons for those missing. */
export function reportTable(bench: Pick<Bench, 'keys'>, report: BenchReport): string {
  const known = new Map(bench.keys.map((key) => [key.key, key]));
  const rows = Object.entries(report.metrics).map(([name, value]) => {
    const key = known.get(name);
    return [name, formatNumber(value), barOf(key), verdictOf(key, value), key?.meaning ?? ''];
  });
  const lines = [
    `${report.name}${report.environment.quick === true ? ' (quick: a look, not a figure)' : ''}`,
    ...alignRows([['key', 'figure', 'bar', '', ''], ...rows]),
  ];
  const missing = Object.entries(report.notMeasured);
  if (missing.length > 0) {
    lines.push('', 'not measured', ...alignRows(missing));
  }
  return lines.join('\n');
}

function barOf(key: BenchKey | undefined): string {
  const bounds: string[] = [];
  if (key?.atLeast !== undefined) bounds.push(`>= ${key.atLeast}`);
  if (key?.atMost !== undefined) bounds.push(`<= ${key.atMost}`);
  return bounds.join(', ') || 'stated';
}

function verdictOf(key: BenchKey | undefined, value: number): string {
  if (key?.atLeast === undefined && key?.atMost === undefined) return '';
  const isMet = value >= (key.atLeast ?? -Infinity) && value <= (key.atMost ?? Infinity);
  return isMet ? 'met' : 'MISSED';
}

function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toPrecision(3);
}

function alignRows(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd(),
  );
}
