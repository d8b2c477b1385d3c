export { findNode24, withNode24First } from './node24.mjs';
export { runForeground } from './run-foreground.mjs';
export { spawnOnLifeline } from './spawn-on-lifeline.mjs';
