import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Unit tests and real ones in pairs of a quarter of a minute and more, the longest first. */
const long = [
  'apps/ebpf-agent/src/agent-crash.real.test.ts',
  'libs/resource-sdk/src/faults/controller-faults.test.ts',
  'apps/ebpf-agent/src/faults/agent-faults.test.ts',
  'apps/predictor/src/predictor.test.ts',
  'libs/queueing/src/simulate-plan.test.ts',
  'libs/service-kit/src/run-service.test.ts',
  'apps/trainer/src/run-trainer.test.ts',
  'apps/bench/src/levitation/simulated-lanes.test.ts',
  'apps/predictor/src/bandwidth-service.test.ts',
];

/**
 * The order of vitest, but for files that are known to be long: in a fresh clone, where vitest
 * knows no durations, they would end last, one processor busy and the others idle.
 */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = ({ moduleId }: TestSpecification): number => {
      const index = long.findIndex((path) => moduleId.endsWith(`/${path}`));
      return index < 0 ? long.length : index;
    };
    // A sort keeps the order of equals, and the groups come one after the other.
    return (await super.sort(files)).sort((a, b) => {
      const groups = groupOf(a) - groupOf(b);
      return groups === 0 ? order(a) - order(b) : groups;
    });
  }
}

function groupOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}
