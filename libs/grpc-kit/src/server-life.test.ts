import { once } from 'node:events';
import { createConnection as createSocket, Socket } from 'node:net';
import { Client, credentials } from '@grpc/grpc-js';
import { contracts } from '@levitate/contracts';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectHealth } from './connect-health.ts';
import { ListenError } from './listen-error.ts';
import { startGrpcServer } from './start-grpc-server.ts';
import { rejectionOf, startPair } from './testdata/telemetry-server.ts';

const { fullName } = contracts.telemetry;

describe('a server', () => {
  it('answers health for the whole and for each service', async () => {
    await using pair = await startPair({});
    const health = connectHealth({ address: pair.server.address });
    expect(await health.check()).toBe('SERVING');
    pair.server.setServing(fullName, false);
    expect(await health.check(fullName)).toBe('NOT_SERVING');
    expect(await health.check()).toBe('SERVING');
    expect(await rejectionOf(health.check('levitate.none'))).toMatchObject({ code: 'NOT_FOUND' });
    health.close();
  });

  it('does not hold small messages back for more to come', async () => {
    const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
    onTestFinished(() => setNoDelay.mockRestore());
    await using pair = await startPair({});
    const caller = createSocket(pair.server.port, '127.0.0.1');
    await once(caller, 'connect');
    const ofTheServer = () =>
      (setNoDelay.mock.contexts as Socket[]).some(
        ({ remotePort }) => remotePort === caller.localPort,
      );
    await vi.waitFor(() => expect(ofTheServer()).toBe(true), { timeout: 15_000 });
    caller.destroy();
  });

  it('serves descriptors when reflection is on, and not when it is off', async () => {
    await using on = await startPair({}, { reflection: true });
    expect(await reflected(on.server.address)).toContain(fullName);
    await using off = await startPair({});
    expect(await reflected(off.server.address)).toContain('UNIMPLEMENTED');
  });

  it('says what to do when the port is taken or the address is not ours', async () => {
    await using pair = await startPair({});
    const taken = await rejectionOf(startGrpcServer({ listen: pair.server.address, services: [] }));
    expect(taken).toBeInstanceOf(ListenError);
    expect(taken).toMatchObject({ code: 'PORT_IN_USE' });
    expect((taken as Error).message).toContain(pair.server.address);
    expect((taken as ListenError).nextStep).toContain('--listen');
    const foreign = startGrpcServer({ listen: '192.0.2.1:0', services: [] });
    expect(await rejectionOf(foreign)).toMatchObject({ code: 'NO_SUCH_ADDRESS' });
  });

  it('drains: not serving at once, streams ended, calls finished, no new ones', async () => {
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const pair = await startPair({
      getWindow: async () => {
        entered.resolve();
        await release.promise;
        return {};
      },
      streamSamples: async function* () {
        yield { lost: 1 };
        await new Promise(() => {});
      },
    });
    const watcher = watchHealth(pair.server.address);
    await vi.waitUntil(() => watcher.heard.length > 0);
    const stream = pair.client.streamSamples({})[Symbol.asyncIterator]();
    await stream.next();
    const call = pair.client.getWindow({ link: 'x' });
    await entered.promise;
    const drained = pair.server.drain(20_000);
    expect(await rejectionOf(stream.next())).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'SERVER_STOPPING',
    });
    await vi.waitUntil(() => watcher.isOver);
    expect(watcher.heard).toEqual(['SERVING', 'NOT_SERVING']);
    expect(await rejectionOf(pair.client.listLinks({}))).toMatchObject({ code: 'UNAVAILABLE' });
    release.resolve();
    expect(await call).toEqual({ samples: [] });
    await drained;
    watcher.client.close();
    pair.client.close();
  });

  it('cuts calls that do not finish within the drain’s deadline', async () => {
    const entered = Promise.withResolvers<void>();
    const pair = await startPair({
      getWindow: () => {
        entered.resolve();
        return new Promise(() => {});
      },
    });
    const call = rejectionOf(pair.client.getWindow({ link: 'x' }, { deadlineMs: 60_000 }));
    await entered.promise;
    await pair.server.drain(50);
    expect(await call).toMatchObject({ code: 'UNAVAILABLE' });
    pair.client.close();
  });

  it('is found again by a client after a restart on the same port', async () => {
    const first = await startPair({});
    await first.client.listLinks({});
    await first.server.drain(0);
    await using second = await startPair({}, { listen: first.server.address });
    expect(second.server.port).toBe(first.server.port);
    await vi.waitUntil(
      () =>
        first.client.listLinks({}).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000, interval: 50 },
    );
    first.client.close();
  });

  it('asks old connections to leave, and their clients do not notice', async () => {
    await using pair = await startPair({}, { limits: { connectionAgeMsMax: 100 } });
    const until = performance.now() + 1_000;
    let calls = 0;
    while (performance.now() < until) {
      await pair.client.listLinks({});
      calls += 1;
    }
    expect(calls).toBeGreaterThan(0);
  });
});

/** Follows `grpc.health.v1.Health/Watch` by hand. */
function watchHealth(address: string) {
  const client = new Client(address, credentials.createInsecure());
  const heard: string[] = [];
  const state = { heard, client, isOver: false };
  const call = client.makeServerStreamRequest(
    '/grpc.health.v1.Health/Watch',
    () => Buffer.alloc(0),
    (bytes: Buffer) => (bytes[1] === 1 ? 'SERVING' : 'NOT_SERVING'),
    {},
  );
  call.on('data', (status: string) => heard.push(status));
  call.on('error', () => {});
  call.on('close', () => {
    state.isOver = true;
  });
  return state;
}

/** What `ServerReflectionInfo` says to "list services", as text. */
function reflected(address: string): Promise<string> {
  const client = new Client(address, credentials.createInsecure());
  const call = client.makeBidiStreamRequest(
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    // Field 7, list_services, an empty text.
    () => Buffer.from([0x3a, 0x00]),
    (bytes: Buffer) => bytes.toString('latin1'),
  );
  return new Promise<string>((resolve) => {
    call.on('data', resolve);
    call.on('error', (error) => resolve(error.message));
    call.write({});
    call.end();
  }).finally(() => client.close());
}
