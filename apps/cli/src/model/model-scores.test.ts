import { contracts, type predictor } from '@levitate/contracts';
import { serve, startGrpcServer } from '@levitate/grpc-kit';
import { expect, it } from 'vitest';
import { runCli } from '../cli.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Surroundings } from '../surroundings.ts';

const models: predictor.ModelStatusInit[] = [
  {
    ...{ name: 'burst', version: '1', state: 'MODEL_STATE_SERVING' },
    online: [
      {
        ...{ forecaster: 'periodic', loss: 0.5, count: 8, serving: 0 },
        ...{ recent: { hits: 4, misses: 3, falseAlarms: 1 }, total: { hits: 40, misses: 3 } },
      },
      {
        ...{ forecaster: 'learned', loss: 0.25, count: 8, serving: 2 },
        ...{ recent: { hits: 6, misses: 2 }, total: { hits: 60, misses: 20, falseAlarms: 1 } },
      },
    ],
  },
  {
    ...{ name: 'liquid', version: '1', state: 'MODEL_STATE_DEMOTED', why: 'its error is high' },
    online: [{ forecaster: 'liquid@1', loss: 0.431, count: 200, serving: 1 }],
    drift: { statistic: 'sum', value: 9, threshold: 4, alarm: true, count: 200 },
  },
  { name: 'onsets', version: '1', state: 'MODEL_STATE_SERVING' },
];

async function run(...argv: string[]) {
  const out: string[] = [];
  const surroundings: Partial<Surroundings> = {
    env: { XDG_RUNTIME_DIR: '/nonexistent' },
    root: '/nonexistent',
    print: (line) => void out.push(line),
    complain: (line) => void out.push(line),
    signal: new AbortController().signal,
  };
  const exitCode = await runCli(['model', 'scores', ...argv], surroundings as Surroundings);
  return { text: out.join('\n'), exitCode };
}

it('model scores shows every model of a running predictor beside its rivals', async () => {
  const unasked = () => Promise.reject(new Error('nobody asks for one model'));
  const rpcs = { listModels: () => ({ models }), getModel: unasked };
  const services = [serve(contracts.models, rpcs)];
  await using server = await startGrpcServer({ listen: '127.0.0.1:0', services });
  const at = ['--at', `predictor=${server.address}`];
  const { text } = await run(...at);
  const lines = text.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
  expect(lines).toEqual([
    'MODEL | STATE | FORECASTER | ERROR | HITS | MISSES | FALSE | SERVES',
    'burst@1 | serving | learned | 25.0 % | 6 (60) | 2 (20) | 0 (1) | 2',
    'burst@1 | serving | periodic | 50.0 % | 4 (40) | 3 (3) | 1 (0) | 0',
    expect.stringMatching(/^liquid@1 \| demoted \| liquid@1 \| 43.1 % \|.*\| 1$/),
    'onsets@1 | serving | - | - | - | - | - | -',
    '',
    'liquid: its error is high',
    'liquid: drift alarm, its errors are beyond its validation',
  ]);
  const { models: told } = JSON.parse((await run(...at, '-o', 'json')).text);
  expect(told[0].online[1]).toMatchObject({ forecaster: 'learned', total: { hits: 60 } });
});

it('model scores says where there is no predictor', async () => {
  const { text, exitCode } = await run('--at', 'predictor=127.0.0.1:9');
  expect(text).toContain('predictor at 127.0.0.1:9 does not answer');
  expect(exitCode).toBe(exitCodes.unreachable);
});
