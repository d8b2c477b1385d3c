import { bitRate, count, delay, size, timeOfDay } from '../figures.ts';
import { printable } from '../printable.ts';
import type { LinkRow } from './link-row.ts';
import type { TopView } from './top-view.ts';

/** What a picture must fit into. Off a terminal there are no bounds and no styles. */
export interface Frame {
  /** Characters a line; at least 20 are taken. */
  readonly columns: number;
  readonly lines: number;
  /** Whether styles (bold, colour) may be written. */
  readonly hasStyles: boolean;
}

/** A picture of any size without styles: what a pipe or a file gets. */
export const plainFrame: Frame = {
  columns: Number.POSITIVE_INFINITY,
  lines: Number.POSITIVE_INFINITY,
  hasStyles: false,
};

interface Column {
  readonly head: string;
  readonly text: (row: LinkRow) => string;
  readonly align: 'left' | 'right';
  /** Where the width does not suffice, the highest goes first. */
  readonly dropOrder: number;
  /** Usual figures fit into it, so that columns neither move nor come and go each second. */
  readonly widthMin: number;
  readonly widthMax: number;
}

const columns: readonly Column[] = [
  column('LINK', (row) => printable(row.link), { dropOrder: 0, align: 'left' }),
  column('RATE', (row) => bitRate(row.throughputBytesPerSecond), { dropOrder: 1, widthMin: 11 }),
  column('PKT/S', (row) => count(row.packetsPerSecond), { dropOrder: 10, widthMin: 7 }),
  column('QUEUE', (row) => size(row.queueBytes), { dropOrder: 7, widthMin: 8 }),
  column('HIGH', (row) => size(row.queueHighWaterBytes), { dropOrder: 6, widthMin: 8 }),
  column('LIMIT', (row) => size(row.limitBytes), { dropOrder: 2, widthMin: 8 }),
  column('DROP/S', (row) => count(row.dropsPerSecond), { dropOrder: 3, widthMin: 7 }),
  column('P99', (row) => delay(row.latencyP99Seconds), { dropOrder: 5, widthMin: 7 }),
  column('ACTUATOR', (row) => printable(row.actuator ?? '-'), { dropOrder: 9, align: 'left' }),
  column('LAW', lawText, { dropOrder: 8, align: 'left', widthMin: 10 }),
  column('FORECAST', forecastText, { dropOrder: 4, align: 'left', widthMin: 22, widthMax: 36 }),
];

/** The picture as lines, none longer than the frame is wide, no more than it has. Pure. */
export function renderTop(view: TopView, frame: Frame): string[] {
  const width = Math.max(20, frame.columns);
  const table = tableLines(view.links, { ...frame, columns: width });
  const head = [headLine(view), ...sourceLines(view.sources), ...lossLines(view)].map((line) =>
    cut(line, width),
  );
  const [heads = '', ...rows] = table;
  const room = Math.max(0, frame.lines - head.length - 1);
  // One line less, so that the count of what does not fit fits.
  const shown = rows.length > room ? rows.slice(0, Math.max(0, room - 1)) : rows;
  const more = rows.length - shown.length;
  return [
    ...head,
    style(heads, '1', frame),
    ...shown,
    ...(more > 0 ? [cut(`... ${count(more)} more; --link filters, --sort orders`, width)] : []),
  ].slice(0, frame.lines);
}

function headLine({ timeUnixMs, links, sort, filters }: TopView): string {
  const parts = [
    `levitate top  ${timeOfDay(timeUnixMs).slice(0, 8)}`,
    `${count(links.length)} ${links.length === 1 ? 'link' : 'links'}`,
    `by ${sort}`,
    ...(filters.length > 0 ? [`only ${printable(filters.join(' '))}`] : []),
  ];
  return parts.join('  ');
}

/** Services that answer on one line, each that does not on one of its own. */
function sourceLines(sources: TopView['sources']): string[] {
  const good = sources.filter(({ state }) => state === 'flowing').map(({ service }) => service);
  const others = sources.filter(({ state }) => state !== 'flowing');
  return [
    ...(good.length > 0 ? [`from ${good.join(', ')}`] : []),
    ...others.map(({ service, state, why }) => {
      if (state === 'connecting') return `${service}: nothing yet`;
      return `${service}: ${state}${why === '' ? '' : `: ${printable(why)}`}`;
    }),
  ];
}

function lossLines({ losses }: TopView): string[] {
  return losses.map(({ place, lost }) =>
    place === 'here'
      ? `lost ${count(lost)} refreshes: this terminal or pipe is too slow`
      : `lost ${count(lost)} from ${place}: this command is too slow`,
  );
}

function tableLines(links: readonly LinkRow[], frame: Frame): string[] {
  const cells = columns.map((each) => links.map((row) => cut(each.text(row), each.widthMax)));
  const widths = columns.map(({ head, widthMin }, index) =>
    (cells[index] ?? []).reduce(
      (width, { length }) => Math.max(width, length),
      Math.max(head.length, widthMin),
    ),
  );
  const kept = keptColumns(widths, frame.columns);
  const line = (textOf: (index: number) => string, row: LinkRow | undefined) => {
    const parts = kept.map((index) => {
      const [text, width] = [textOf(index), widths[index] ?? 0];
      const padded = columns[index]?.align === 'right' ? text.padStart(width) : text.padEnd(width);
      return {
        padded,
        isAlarm: columns[index]?.head === 'DROP/S' && (row?.dropsPerSecond ?? 0) > 0,
      };
    });
    return fit(parts, frame);
  };
  return [
    line((index) => columns[index]?.head ?? '', undefined),
    ...links.map((row, at) => line((index) => cells[index]?.[at] ?? '', row)),
  ];
}

/** Joins, cuts to the width, and styles after that, so that no escape is cut in two. */
function fit(parts: readonly { padded: string; isAlarm: boolean }[], frame: Frame): string {
  let [left, line] = [frame.columns, ''];
  for (const [index, { padded, isAlarm }] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const text = cut(isLast ? padded.trimEnd() : padded, left);
    line += isAlarm ? style(text, '31', frame) : text;
    left -= text.length + 2;
    if (left <= 0) break;
    if (!isLast) line += '  ';
  }
  return line.trimEnd();
}

/** Indices of the columns that fit side by side, in their order. */
function keptColumns(widths: readonly number[], columnsMax: number): number[] {
  const kept = columns.map((_, index) => index);
  const last = columns.length - 1;
  // The last one may be cut: it takes what is left, and at least its usual width.
  const needed = widths.map((width, index) => (index === last ? columns[last]?.widthMin : width));
  const total = () => kept.reduce((sum, index) => sum + (needed[index] ?? 0) + 2, -2);
  const first = [...kept].sort(
    (left, right) => (columns[right]?.dropOrder ?? 0) - (columns[left]?.dropOrder ?? 0),
  );
  for (const index of first) {
    if (total() <= columnsMax || kept.length === 1) break;
    kept.splice(kept.indexOf(index), 1);
  }
  return kept;
}

function column(
  head: string,
  text: Column['text'],
  rest: { dropOrder: number } & Partial<Column>,
): Column {
  return { head, text, align: 'right', widthMin: 0, widthMax: 24, ...rest };
}

function lawText({ law, mode }: LinkRow): string {
  if (law === undefined) return '-';
  return mode === undefined || mode === 'enforce' ? law : `${law} (${mode})`;
}

function forecastText({ forecast, silentSeconds }: LinkRow): string {
  if (silentSeconds !== undefined) return `no samples for ${count(silentSeconds)} s`;
  return printable(forecast ?? '-');
}

/** At most `max` characters, the last a dot where something was cut. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, Math.max(0, max - 1))}…`;
}

function style(text: string, code: string, { hasStyles }: Frame): string {
  return hasStyles ? `\u001b[${code}m${text}\u001b[0m` : text;
}
