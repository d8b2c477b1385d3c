import { contracts, type predictor } from '@levitate/contracts';
import { serve, startGrpcServer } from '@levitate/grpc-kit';
import { expect, it } from 'vitest';
import { burstModelsOf } from './kernel-lanes-models.ts';

function statusOf(over: predictor.ModelStatusInit): predictor.ModelStatusInit {
  return { version: '1', capability: 'burst', backend: 'wasm', ...over };
}

it('tells state, kernel and classes won of each burst model, and of no other', async () => {
  const classes = (...winners: string[]) =>
    winners.map((winner, index) => ({ trafficClass: `class ${index}`, winner, chosenBy: 'x' }));
  const models = [
    statusOf({
      ...{ name: 'burst', state: 'MODEL_STATE_SERVING' },
      classes: classes('learned', 'periodic', 'learned'),
    }),
    statusOf({ name: 'onsets', state: 'MODEL_STATE_DEMOTED', classes: classes('onsets') }),
    statusOf({
      name: 'old',
      version: '3',
      state: 'MODEL_STATE_STANDBY',
      classes: classes('linear'),
    }),
    statusOf({ name: 'bandwidth', capability: 'bandwidth', state: 'MODEL_STATE_SERVING' }),
  ];
  const unasked = () => Promise.reject(new Error('nobody asks for one model'));
  const rpcs = { listModels: () => ({ models }), getModel: unasked };
  const services = [serve(contracts.models, rpcs)];
  await using server = await startGrpcServer({ listen: '127.0.0.1:0', services });
  expect(await burstModelsOf(server.address)).toEqual({
    'burst@1': 'serving, wasm, won class 0, class 2',
    'onsets@1': 'demoted, wasm, won class 0',
    'old@3': 'standby, wasm, won nothing',
  });
});
