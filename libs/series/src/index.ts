export { median } from './median.ts';
export { NoiseFloor } from './noise-floor.ts';
export type { PathSample } from './path-sample.ts';
export { needBytes, type Sample } from './sample.ts';
export { type SamplePlace, SampleThread } from './sample-thread.ts';
export { SortedWindow } from './sorted-window.ts';
export type { SampleOrigin, TimedSample } from './timed-sample.ts';
