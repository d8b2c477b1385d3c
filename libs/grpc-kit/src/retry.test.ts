import { contracts } from '@levitate/contracts';
import { describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { RpcError } from './rpc-error.ts';
import { serve } from './serve.ts';
import { startGrpcServer } from './start-grpc-server.ts';
import { rejectionOf } from './testdata/telemetry-server.ts';

/** A controller whose calls fail with UNAVAILABLE the first `failures` times. */
async function startFlaky(failures: number) {
  const calls: string[] = [];
  const flaky = (name: string) => () => {
    calls.push(name);
    if (calls.length <= failures) throw new RpcError({ code: 'UNAVAILABLE', message: 'not yet' });
    return {};
  };
  const server = await startGrpcServer({
    listen: '127.0.0.1:0',
    services: [
      serve(contracts.fsuController, {
        listTargets: flaky('listTargets'),
        streamTicks: async function* () {},
        listDecisions: flaky('listDecisions'),
        explainDecision: flaky('explainDecision'),
        setMode: flaky('setMode'),
        pause: flaky('pause'),
        resume: flaky('resume'),
        rollback: flaky('rollback'),
        getCanary: flaky('getCanary'),
        startCanary: flaky('startCanary'),
        abortCanary: flaky('abortCanary'),
        listReports: flaky('listReports'),
      }),
    ],
  });
  const client = connect(contracts.fsuController, { address: server.address });
  return {
    calls,
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('retries', () => {
  it('repeat an idempotent call, three attempts in all', async () => {
    await using twice = await startFlaky(2);
    await twice.client.listTargets({});
    expect(twice.calls).toHaveLength(3);
    await using thrice = await startFlaky(3);
    expect(await rejectionOf(thrice.client.listTargets({}))).toMatchObject({ code: 'UNAVAILABLE' });
    expect(thrice.calls).toHaveLength(3);
  });

  it('never repeat a call that acts', async () => {
    for (const rpc of ['pause', 'resume', 'rollback'] as const) {
      await using flaky = await startFlaky(1);
      expect(await rejectionOf(flaky.client[rpc]({}))).toMatchObject({ code: 'UNAVAILABLE' });
      expect(flaky.calls).toEqual([rpc]);
    }
  });
});
