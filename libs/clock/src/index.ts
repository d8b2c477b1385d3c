export { type Clock, VirtualClock } from './clock.ts';
