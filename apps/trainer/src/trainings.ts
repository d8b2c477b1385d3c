import type { Training } from './training.ts';

/** Every training there is, in the order of the help text; each is loaded when it runs. */
export const trainings: readonly Training[] = [
  {
    name: 'burst',
    summary: 'burst forecasts: LSTM 2x64 and a Transformer on generated traffic (SPEC 3.1)',
    readsDatasets: true,
    run: async (context) => (await import('./burst-training.ts')).burstTraining(context),
  },
  {
    name: 'bandwidth',
    summary: 'bandwidth of paths: LSTM 128/64 on 4G, 5G, Oboe and UCC traces (SPEC 3.2)',
    run: async (context) => (await import('./bandwidth-training.ts')).bandwidthTraining(context),
  },
  {
    name: 'liquid',
    summary: 'an ensemble of liquid networks on bandwidth, from irregular samples',
    run: async (context) => (await import('./liquid-training.ts')).liquidTraining(context),
  },
  {
    name: 'onsets',
    summary: 'bursts of real requests, a dense network on the last minute and the clock (SPEC 3.1)',
    run: async (context) => (await import('./onsets-training.ts')).onsetsTraining(context),
  },
  {
    name: 'reserve',
    summary: 'how much of a slow pool to reserve for requests, on real request traces (SPEC 4.1)',
    run: async (context) => (await import('./reserve-training.ts')).reserveTraining(context),
  },
];
