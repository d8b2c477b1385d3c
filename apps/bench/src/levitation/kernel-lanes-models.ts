import { contracts, type predictor } from '@levitate/contracts';
import { connect } from '@levitate/grpc-kit';
import { LEARNED_FORECASTER } from '@levitate/models';

/** Which burst models a running predictor has, as it says itself: state, kernel, classes won. */
export async function burstModelsOf(predictorAddress: string): Promise<Record<string, string>> {
  const client = connect(contracts.models, { address: predictorAddress, deadlineMs: 5_000 });
  try {
    const { models } = await client.listModels({});
    const burst = models.filter(({ capability }) => capability === 'burst');
    return Object.fromEntries(
      burst.map((model) => [`${model.name}@${model.version}`, told(model)]),
    );
  } finally {
    client.close();
  }
}

function told({ name, state, backend, classes }: predictor.ModelStatus): string {
  const won = classes.filter(({ winner }) => [name, LEARNED_FORECASTER].includes(winner));
  const names = won.map(({ trafficClass }) => trafficClass).join(', ') || 'nothing';
  return `${state.replace('MODEL_STATE_', '').toLowerCase()}, ${backend}, won ${names}`;
}
