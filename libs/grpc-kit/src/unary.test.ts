import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { contracts } from '@levitate/contracts';
import { Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import type { CallContext } from './call-context.ts';
import { RpcError } from './rpc-error.ts';
import { rejectionOf, startPair } from './testdata/telemetry-server.ts';

const sample = { link: 'lane-a', timeUnixMs: 1 };

describe('a unary call', () => {
  it('carries a request there and a response back', async () => {
    await using pair = await startPair({
      pushSamples: ({ samples }) => ({ accepted: samples.length, late: samples[0]?.queueBytes }),
    });
    const answer = await pair.client.pushSamples({ samples: [{ ...sample, queueBytes: 7 }] });
    expect(answer).toEqual({ accepted: 1, duplicate: 0, late: 7, refused: 0 });
  });

  it('is refused by the client before it is encoded, with the field path', async () => {
    const pushSamples = vi.fn(() => ({}));
    await using pair = await startPair({ pushSamples });
    const request = { samples: [sample, { ...sample, queueBytes: Number.NaN }] };
    const error = await rejectionOf(pair.client.pushSamples(request));
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      received: false,
      violations: [{ field: 'samples[1].queue_bytes' }],
    });
    expect(pushSamples).not.toHaveBeenCalled();
  });

  it('is refused by the server when another client did not validate, with BadRequest', async () => {
    const pushSamples = vi.fn(() => ({}));
    await using pair = await startPair({ pushSamples });
    const method = contracts.telemetry.definition.PushSamples;
    const raw = new Client(pair.server.address, credentials.createInsecure());
    const error = await new Promise<{ metadata: Metadata; code: number }>((resolve) => {
      raw.makeUnaryRequest(
        method?.path ?? '',
        method?.requestSerialize as (value: unknown) => Buffer,
        method?.responseDeserialize as (bytes: Buffer) => unknown,
        { samples: [{ link: 'a', timeUnixMs: 5, limitBytes: -3 }] },
        (failure) => resolve(failure as never),
      );
    });
    raw.close();
    expect(error.code).toBe(3);
    const [details] = error.metadata.get('grpc-status-details-bin');
    expect(String(details)).toContain('type.googleapis.com/google.rpc.BadRequest');
    expect(String(details)).toContain('samples[0].limit_bytes');
    expect(pushSamples).not.toHaveBeenCalled();
  });

  it('hands on the code, reason and facts that a handler chose', async () => {
    await using pair = await startPair({
      getWindow: ({ link }) => {
        throw new RpcError({
          code: 'NOT_FOUND',
          reason: 'UNKNOWN_LINK',
          message: `no window of ${link}`,
          metadata: { link },
        });
      },
    });
    expect(await rejectionOf(pair.client.getWindow({ link: 'x' }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'UNKNOWN_LINK',
      message: 'no window of x',
      metadata: { link: 'x' },
      received: true,
    });
  });

  it('leaks nothing of an error nobody foresaw, but logs it', async () => {
    const logger = { warn: vi.fn(), error: vi.fn() };
    await using pair = await startPair(
      {
        getWindow: () => {
          throw new Error('password=hunter2 in /etc/secret');
        },
      },
      { logger },
    );
    const error = (await rejectionOf(pair.client.getWindow({ link: 'x' }))) as RpcError;
    expect(error).toMatchObject({ code: 'INTERNAL', message: 'internal error' });
    expect(JSON.stringify([error.reason, error.metadata, error.violations])).not.toMatch(
      /hunter|etc/,
    );
    expect(logger.error.mock.calls[0]?.[0]).toMatchObject({ rpc: 'GetWindow' });
  });

  it('does not hand a peer’s error on as its own', async () => {
    await using behind = await startPair({
      getWindow: () => {
        throw new RpcError({ code: 'PERMISSION_DENIED', message: 'the inner secret' });
      },
    });
    await using front = await startPair({
      getWindow: (request, parent) => behind.client.getWindow(request, { parent }),
    });
    const error = (await rejectionOf(front.client.getWindow({ link: 'x' }))) as RpcError;
    expect(error).toMatchObject({ code: 'INTERNAL', message: 'internal error' });
  });

  it('says that a dependency is away when its own peer cannot be reached', async () => {
    const gone = await startPair({});
    await gone.server.drain(0);
    await using front = await startPair({
      listLinks: (request, parent) => gone.client.listLinks(request, { parent }),
    });
    expect(await rejectionOf(front.client.listLinks({}))).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'DEPENDENCY_UNAVAILABLE',
    });
    gone.client.close();
  });

  it('ends at its deadline, and the handler hears of it', async () => {
    const aborted = Promise.withResolvers<unknown>();
    await using pair = await startPair({
      getWindow: (_, { signal }) =>
        new Promise(() => signal.addEventListener('abort', () => aborted.resolve(signal.reason))),
    });
    const call = pair.client.getWindow({ link: 'x' }, { deadlineMs: 50 });
    expect(await rejectionOf(call)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(await aborted.promise).toBeInstanceOf(RpcError);
  });

  it('passes what is left of its deadline, and its cancelling, on to its own calls', async () => {
    let inner: CallContext | undefined;
    const innerEnded = Promise.withResolvers<void>();
    await using behind = await startPair({
      listLinks: (_, call) => {
        inner = call;
        call.signal.addEventListener('abort', () => innerEnded.resolve());
        return new Promise(() => {});
      },
    });
    await using front = await startPair({
      listLinks: (request, parent) =>
        behind.client.listLinks(request, { parent, deadlineMs: 60_000 }),
    });
    const controller = new AbortController();
    const before = Date.now();
    const call = front.client.listLinks({}, { deadlineMs: 20_000, signal: controller.signal });
    await vi.waitUntil(() => inner !== undefined);
    expect(inner?.deadlineUnixMs).toBeLessThanOrEqual(before + 21_000);
    controller.abort();
    expect(await rejectionOf(call)).toMatchObject({ code: 'CANCELLED' });
    await innerEnded.promise;
  });

  it('is not ended at once by an absurd deadline, which is clamped', async () => {
    let seen: number | undefined;
    await using pair = await startPair({
      listLinks: async (_, { deadlineUnixMs }) => {
        seen = deadlineUnixMs;
        // A deadline that fired at once would have answered before this turn.
        await new Promise((resolve) => setImmediate(resolve));
        return {};
      },
    });
    const method = contracts.telemetry.definition.ListLinks;
    const raw = new Client(pair.server.address, credentials.createInsecure());
    const thirtyDays = Date.now() + 30 * 86_400_000;
    const answer = await new Promise((resolve) => {
      raw.makeUnaryRequest(
        method?.path ?? '',
        method?.requestSerialize as (value: unknown) => Buffer,
        method?.responseDeserialize as (bytes: Buffer) => unknown,
        {},
        new Metadata(),
        { deadline: thirtyDays },
        (failure, response) => resolve(failure ?? response),
      );
    });
    raw.close();
    expect(answer).toEqual({ links: [] });
    expect(seen).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(seen).toBeGreaterThan(Date.now() + 3_000_000);
  });

  it('is refused when it is larger than the limit', async () => {
    await using pair = await startPair({}, { limits: { receiveMessageBytesMax: 10_000 } });
    const samples = Array.from({ length: 1_000 }, () => sample);
    expect(await rejectionOf(pair.client.pushSamples({ samples }))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
    });
  });

  it('is counted on both sides under the standard names', async () => {
    const [server, client] = [new Registry(), new Registry()];
    await using pair = await startPair(
      {
        getWindow: () => {
          throw new RpcError({ code: 'NOT_FOUND', message: 'none' });
        },
      },
      { registry: server },
      { registry: client },
    );
    await pair.client.listLinks({});
    await rejectionOf(pair.client.getWindow({ link: 'x' }));
    const text = await server.metrics();
    const labels =
      'grpc_type="unary",grpc_service="levitate.telemetry.v1.TelemetryService",grpc_method';
    expect(text).toContain(`grpc_server_started_total{${labels}="ListLinks"} 1`);
    expect(text).toContain(`grpc_server_handled_total{${labels}="ListLinks",grpc_code="OK"} 1`);
    expect(text).toContain(`{${labels}="GetWindow",grpc_code="NOT_FOUND"} 1`);
    expect(text).toContain('grpc_server_handling_seconds_bucket');
    expect(await client.metrics()).toContain(
      `grpc_client_handled_total{${labels}="GetWindow",grpc_code="NOT_FOUND"} 1`,
    );
  });
});
