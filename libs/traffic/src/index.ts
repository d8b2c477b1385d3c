export type { Burst, Onset } from './burst.ts';
