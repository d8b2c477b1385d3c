import fc from 'fast-check';
fc.configureGlobal({ numRuns: 1500 });
import './optomechanical.test.ts';
import './envelope.test.ts';
import './peak-need.test.ts';
