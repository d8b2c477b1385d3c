import { writeFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import * as echarts from 'echarts';

/** `svg` scales and diffs; `png` is for places that show no SVG. */
export type PictureFormat = 'svg' | 'png';

/** A chart as echarts takes it, and where it goes. */
export interface PictureRequest {
  option: echarts.EChartsOption;
  /** Size in pixels; a PNG has twice as many each way. */
  width: number;
  height: number;
  /** Path without ending; each format adds its own. */
  path: string;
  /** Default: both. */
  formats?: readonly PictureFormat[];
}

/** The look that all our pictures share. */
export const pictureStyle = {
  /** Fonts that a Linux host, a Mac and a browser have between them; unquoted, as SVG wants it. */
  font: 'Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif',
  ink: '#1c2733',
  quiet: '#6b7885',
  rule: '#e3e8ed',
  /** Ours first, its rivals after it: told apart by lightness too, for those who see no hue. */
  colours: ['#1f5fa8', '#d1603d', '#8a97a5', '#5b9a3c', '#a05bb0'],
} as const;

/**
 * Draw a chart without a browser (echarts' own SVG renderer). The same chart gives the same SVG.
 * @returns paths of the files written
 */
export function writePicture(request: PictureRequest): string[] {
  const { option, width, height, path, formats = ['svg', 'png'] } = request;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, ...option });
  const svg = withPlainNames(chart.renderToSVGString());
  chart.dispose();
  return formats.map((format) => {
    const file = `${path}.${format}`;
    writeFileSync(file, format === 'svg' ? svg : pngOf(svg));
    return file;
  });
}

function pngOf(svg: string): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, font: { loadSystemFonts: true } })
    .render()
    .asPng();
}

/** echarts numbers its names over the whole process; a file must not depend on what was drawn. */
function withPlainNames(svg: string): string {
  const names = new Map<string, string>();
  return svg.replaceAll(/\bzr\d*-[a-z]+-?\d+/g, (name) => {
    const plain = names.get(name) ?? `zr-${names.size}`;
    names.set(name, plain);
    return plain;
  });
}
