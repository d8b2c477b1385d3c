export { type Clock, VirtualClock } from './clock.ts';
export { SeededRandom } from './seeded-random.ts';
