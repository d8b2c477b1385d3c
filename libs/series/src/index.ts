export { NoiseFloor } from './noise-floor.ts';
export { needBytes, type Sample, type SampleOrigin } from './sample.ts';
export { type SamplePlace, SampleThread } from './sample-thread.ts';
export { SortedWindow } from './sorted-window.ts';
