import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { aheadSeconds } from './forecast-band.ts';
import { html } from './html.ts';
import { inks } from './theme.ts';

/** How a line looks. */
export interface Line {
  readonly ink: 'lane' | 'ink' | 'forecast' | 'none';
  readonly dash?: readonly number[];
  readonly width?: number;
  readonly fill?: boolean;
  readonly shape?: 'line' | 'steps' | 'bars';
}

/** A vertical mark, seconds from now. */
export interface Mark {
  readonly seconds: number;
  /** One standard deviation of a coming onset; 0 of one that has passed. */
  readonly spreadSeconds: number;
}

/** One graph: columns of data and how they look. */
export interface PlotProps {
  readonly kind: 'reactive' | 'predictive' | 'uncontrolled';
  readonly summary: string;
  readonly height: number;
  readonly lines: readonly Line[];
  /** Pair of line numbers (from 1) between which the forecast's band is filled. */
  readonly band?: readonly [number, number];
  /** Seconds from now, then one column per line. */
  readonly columns: readonly (readonly (number | null)[])[];
  readonly top: number;
  readonly axisText: (value: number) => string;
  readonly marks?: readonly Mark[];
  readonly isLast?: boolean;
  /** Number of the theme, so that a change of it draws anew. */
  readonly theme: number;
}

/** Span behind now that is shown, seconds. */
export const behindSeconds = 60;

/** Draws one graph and keeps it up to date; the picture's words are in `summary`. */
export function Plot(props: PlotProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const data = props.columns as unknown as uPlot.AlignedData;

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const width = element.clientWidth;
    plot.current = new uPlot(options(latest, width), latest.current.columns as never, element);
    const observer = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: latest.current.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [props.theme, props.kind, props.height]);

  useEffect(() => {
    const drawn = plot.current;
    if (!drawn) return;
    drawn.batch(() => {
      drawn.setData(data, false);
      drawn.setScale('x', { min: -behindSeconds, max: aheadSeconds });
      drawn.setScale('y', { min: 0, max: props.top });
    });
  });

  return html`<div
    class="plot"
    role="img"
    aria-label=${props.summary}
    style=${{ height: `${props.height}px` }}
    ref=${holder}
  ></div>`;
}

type Latest = { readonly current: PlotProps };

function options(latest: Latest, width: number): uPlot.Options {
  const { kind, lines, height, isLast, band } = latest.current;
  const colours = inks(kind);
  const font = '11px ui-sans-serif, system-ui, sans-serif';
  const series = lines.map((line): uPlot.Series => {
    const stroke = line.ink === 'none' ? 'transparent' : colours[line.ink];
    const paths =
      line.shape === 'bars'
        ? uPlot.paths.bars?.({ size: [0.9, 6, 1] })
        : line.shape === 'steps'
          ? uPlot.paths.stepped?.({ align: 1 })
          : undefined;
    return {
      stroke,
      width: line.width ?? 1.5,
      ...(line.dash ? { dash: [...line.dash] } : {}),
      ...(line.fill ? { fill: line.shape === 'bars' ? stroke : colours.laneFill } : {}),
      ...(paths ? { paths } : {}),
      points: { show: false },
      spanGaps: false,
    };
  });
  const grid = { stroke: colours.grid, width: 1 };
  return {
    width,
    height,
    padding: [6, 18, isLast ? 0 : 4, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: false, y: false },
      sync: { key: 'all' },
    },
    scales: { x: { time: false, auto: false }, y: { auto: false } },
    series: [{}, ...series],
    ...(band ? { bands: [{ series: [band[0], band[1]], fill: colours.forecastFill }] } : {}),
    axes: [
      {
        show: isLast === true,
        size: 22,
        font,
        stroke: colours.muted,
        grid: { show: false },
        ticks: { show: false },
        splits: () => [-60, -45, -30, -15, 0, aheadSeconds],
        values: (_, splits) => splits.map(secondsText),
      },
      {
        size: 58,
        gap: 6,
        font,
        stroke: colours.muted,
        grid,
        ticks: { show: false },
        splits: () => [0, latest.current.top / 2, latest.current.top],
        values: (_, splits) => splits.map((value) => latest.current.axisText(value)),
      },
    ],
    hooks: {
      drawClear: [(plot) => drawNow(plot, colours)],
      draw: [(plot) => drawMarks(plot, latest)],
    },
  };
}

function secondsText(seconds: number): string {
  if (seconds === 0) return 'now';
  return seconds < 0 ? `−${-seconds} s` : `+${seconds} s`;
}

/** What lies ahead is not measured: its ground is tinted, and "now" is a line. */
function drawNow(plot: uPlot, colours: ReturnType<typeof inks>): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(0, 'x', true);
  ctx.save();
  ctx.fillStyle = colours.aheadGround;
  ctx.fillRect(x, bbox.top, bbox.left + bbox.width - x, bbox.height);
  ctx.restore();
}

/** Predicted onsets: a dashed line, and one standard deviation to both sides of a coming one. */
function drawMarks(plot: uPlot, { current }: Latest): void {
  const { ctx, bbox } = plot;
  const colours = inks(current.kind);
  const pixel = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const mark of current.marks ?? []) {
    const x = plot.valToPos(mark.seconds, 'x', true);
    const left = plot.valToPos(mark.seconds - mark.spreadSeconds, 'x', true);
    const right = plot.valToPos(mark.seconds + mark.spreadSeconds, 'x', true);
    ctx.fillStyle = colours.forecastFill;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.strokeStyle = colours.forecast;
    ctx.globalAlpha = mark.spreadSeconds > 0 ? 1 : 0.4;
    ctx.lineWidth = pixel;
    ctx.setLineDash([3 * pixel, 3 * pixel]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colours.forecast;
    ctx.beginPath();
    ctx.moveTo(x - 4 * pixel, bbox.top);
    ctx.lineTo(x + 4 * pixel, bbox.top);
    ctx.lineTo(x, bbox.top + 6 * pixel);
    ctx.fill();
  }
  ctx.restore();
}
