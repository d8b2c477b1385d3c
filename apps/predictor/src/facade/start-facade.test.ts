import { describe, expect, it } from 'vitest';
import { byBaseline } from '../bandwidth/bandwidth-engine.ts';
import { tooManyForecasts } from '../errors.ts';
import { facade } from './start-facade.ts';

const engine = {
  forecast: async ([window]: Parameters<typeof byBaseline>[0][]) =>
    window === undefined ? [undefined] : [byBaseline(window, 'persistence', ['no-model'])],
} as never;
const post = (payload: object, by = engine) =>
  facade(by).inject({ method: 'POST', url: '/api/predict/bandwidth', payload });

describe('POST /api/predict/bandwidth', () => {
  it('answers in Mbit/s, rows or objects alike, and says who forecast', async () => {
    const rows = Array.from({ length: 40 }, () => [20, 50, 0, 12, 3]);
    const answer = (await post({ features: rows, horizon: 3 })).json();
    expect(answer).toMatchObject({ unit: 'Mbit/s', model: 'persistence@1' });
    expect(answer.predictions).toEqual([20, 20, 20]);
    const objects = rows.map(([bandwidth]) => ({ bandwidth, latency: null }));
    expect((await post({ features: objects })).json().predictions).toHaveLength(10);
  });

  it('names the field that is wrong, and sheds with 429', async () => {
    const wrong = await post({ features: [[20]], horizon: 11 });
    expect([wrong.statusCode, wrong.json().field]).toEqual([400, 'horizon']);
    expect((await post({ features: [] })).statusCode).toBe(400);
    const full = { forecast: () => Promise.reject(tooManyForecasts('bandwidth', 4)) } as never;
    const shed = await post({ features: [[20]] }, full);
    expect([shed.statusCode, shed.json().reason]).toEqual([429, 'TOO_MANY_FORECASTS']);
  });
});
