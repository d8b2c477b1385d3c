export { ChangeRateRule, type RatedChange } from './change-rate-rule.ts';
export { diskSubstitutes } from './disk-substitutes.ts';
export { drawSteps, type StepMaker } from './draw-steps.ts';
export {
  type FaultSequences,
  type PlayedSequence,
  runSequences,
  type Violation,
} from './fault-sequences.ts';
export { type DiskCondition, FaultyDisk } from './faulty-disk.ts';
export { mount } from './mounted-disk.ts';
export { lockAmong } from './mounted-lock.ts';
export type { PlantedBug, Substitute } from './planted-bugs.ts';
export { playCommand } from './play-command.ts';
export { type FaultRun, runFaults } from './run-faults.ts';
export { VirtualProcesses } from './virtual-processes.ts';
