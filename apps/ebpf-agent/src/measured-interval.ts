import type { Sample } from '@levitate/series';

/** What was measured of one link in one interval, before it is known which sample that is. */
export type MeasuredInterval = Omit<Sample, 'link' | 'origin' | 'sequence' | 'timeUnixMs'>;
