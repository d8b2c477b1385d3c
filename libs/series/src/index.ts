export { needBytes, type Sample, type SampleOrigin } from './sample.ts';
