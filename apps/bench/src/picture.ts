import { writeFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import * as echarts from 'echarts';

/** A chart as echarts takes it, and where it goes. */
export interface PictureRequest {
  option: echarts.EChartsOption;
  /** Size in pixels; the PNG has twice as many each way. */
  width: number;
  height: number;
  /** Path without ending: `.svg` and `.png` are written. */
  path: string;
}

/** Fonts that a Linux host, a Mac and a browser have between them; unquoted, as SVG wants it. */
export const PICTURE_FONT = 'Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif';

/**
 * Draw a chart without a browser (echarts' own SVG renderer) and write it as SVG and PNG.
 *
 * @returns paths of the files written
 */
export function writePicture(request: PictureRequest): string[] {
  const { option, width, height, path } = request;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  const png = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 2 },
    font: { loadSystemFonts: true },
  }).render();
  writeFileSync(`${path}.svg`, svg);
  writeFileSync(`${path}.png`, png.asPng());
  return [`${path}.svg`, `${path}.png`];
}
