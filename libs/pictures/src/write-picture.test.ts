import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type PictureRequest, pictureStyle, writePicture } from './write-picture.ts';

function request(name: string): PictureRequest {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-picture-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const option = {
    textStyle: { fontFamily: pictureStyle.font },
    xAxis: { type: 'value' as const },
    yAxis: { type: 'value' as const },
    series: [
      {
        type: 'line' as const,
        data: [
          [0, 1],
          [1, 3],
        ],
        areaStyle: {},
      },
    ],
  };
  return { option, width: 300, height: 200, path: join(folder, name) };
}

it('draws a chart as SVG and as a PNG of twice the size', () => {
  const [svg, png, ...rest] = writePicture(request('chart'));
  expect(rest).toEqual([]);
  expect(readFileSync(svg ?? '', 'utf8')).toMatch(/^<svg width="300" height="200"/);
  const bytes = readFileSync(png ?? '');
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBe(600);
});

it('writes only the formats asked for, and the same chart twice the same', () => {
  const [first, ...rest] = writePicture({ ...request('one'), formats: ['svg'] });
  const [second] = writePicture({ ...request('two'), formats: ['svg'] });
  expect(rest).toEqual([]);
  expect(readFileSync(second ?? '', 'utf8')).toBe(readFileSync(first ?? '', 'utf8'));
});
