import { expect, it } from 'vitest';
import { readBody } from './promql-body.ts';
import { parseAnswer, refusalOf } from './promql-response.ts';

const bounds = { bytesMax: 10_000, seriesMax: 3 };

function answerOf(series: number): string {
  const result = Array.from({ length: series }, (_, index) => ({
    metric: { text: `"metric":{ ${index}` },
    value: [1.5, String(index)],
  }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}

async function* inParts(text: string, length: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

it.each([1, 2, 7, 9, 10, 11, 1000])(
  'series are counted whatever the parts: %i bytes',
  async (n) => {
    const text = answerOf(3);
    expect(await readBody(inParts(text, n), bounds)).toBe(text);
    await expect(readBody(inParts(answerOf(4), n), bounds)).rejects.toMatchObject({
      kind: 'too-many-series',
    });
  },
);

it('no more is held than the bound says', async () => {
  const body = inParts('x'.repeat(10_001), 1000);
  await expect(readBody(body, bounds)).rejects.toMatchObject({ kind: 'too-large' });
});

it('what is no number is counted, not taken; a histogram is none', () => {
  const series = [
    {
      metric: { a: '1' },
      values: [
        [1, '2'],
        [2, 'NaN'],
        [3, '-Inf'],
        [4, ' '],
        [5, '0x'],
      ],
    },
    { metric: { a: '2' }, histogram: [1, {}] },
  ];
  const data = { resultType: 'matrix', result: series };
  const answer = parseAnswer(JSON.stringify({ status: 'success', data }), { seriesMax: 3 });
  expect(answer.series.map(({ points }) => points)).toEqual([[{ timeUnixMs: 1000, value: 2 }], []]);
  expect(answer.notNumbers).toBe(5);
});

it.each(['', '[]', '{"status":"error"}', '{"status":"success","data":{"resultType":"vector"}}'])(
  'what is not of the API is malformed: %s',
  (text) => {
    expect(() => parseAnswer(text, { seriesMax: 3 })).toThrow(
      expect.objectContaining({ kind: 'malformed' }),
    );
  },
);

it('the reason of a refusal is bounded', () => {
  expect(refusalOf(JSON.stringify({ error: 'a\n'.repeat(1000) }))).toHaveLength(300);
  expect(refusalOf('<html>')).toBeUndefined();
});
