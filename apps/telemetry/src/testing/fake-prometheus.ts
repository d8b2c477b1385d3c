import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterTest } from './start-for-test.ts';

/** One call that reached the server. */
export interface FakeCall {
  call: 'query' | 'query_range';
  form: URLSearchParams;
  authorization: string | undefined;
}

/** Answers a call; what it sends is up to it. */
export type FakeAnswer = (
  response: ServerResponse,
  call: FakeCall,
  request: IncomingMessage,
) => void | Promise<void>;

/**
 * No Prometheus, but a small HTTP server of the test's own that does what a real one does on bad
 * days only, on demand. `calls` are those that came, `answer` is what the next one gets.
 */
export async function startFakePrometheus(answer: FakeAnswer) {
  const fake = { answer, calls: [] as FakeCall[], url: '' };
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const { authorization } = request.headers;
    const isRange = request.url?.endsWith('query_range') === true;
    const call = { call: isRange ? 'query_range' : 'query', form, authorization } as const;
    fake.calls.push(call);
    if (fake.calls.length > 10_000) fake.calls.shift();
    await fake.answer(response, call, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterTest(() => server.close().closeAllConnections());
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}

/** One series per device, with this value at every time asked for. */
export function vector(values: Readonly<Record<string, string>>): FakeAnswer {
  return (response, { call, form }) => {
    const isRange = call === 'query_range';
    const times = isRange ? stepsOf(form) : [Number(form.get('time'))];
    const result = Object.entries(values).map(([device, value]) => {
      const points = times.map((time) => [time, value]);
      const metric = { instance: 'a:9100', device };
      return isRange ? { metric, values: points } : { metric, value: points[0] };
    });
    const resultType = isRange ? 'matrix' : 'vector';
    response.end(JSON.stringify({ status: 'success', data: { resultType, result } }));
  };
}

function stepsOf(form: URLSearchParams): number[] {
  const [start, end, step] = ['start', 'end', 'step'].map((key) => Number(form.get(key)));
  const steps: number[] = [];
  for (let time = start ?? 0; time <= (end ?? 0) + 1e-6; time += step ?? 1) steps.push(time);
  return steps;
}
