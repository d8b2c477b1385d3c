import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RuntimeApi } from './runtime-api.ts';

const never = new AbortController().signal;

/** Something that listens where HAProxy should, and does this to whoever asks. */
async function listen(talk: (socket: Socket, line: string) => void) {
  const folder = await mkdtemp(join(tmpdir(), 'levitate-runtime-api-'));
  const path = join(folder, 'api.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (line) => talk(socket, line.toString()));
  }).listen(path);
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await rm(folder, { recursive: true });
  });
  return path;
}

it('gives every command its answer, the silent ones too', async () => {
  let asked = '';
  const path = await listen((socket, line) => {
    asked = line;
    socket.end('one\ntwo\n\n\n\nthree\n\n');
  });
  const answers = await new RuntimeApi({ address: { path } }).ask(['a', 'b', 'c', 'd'], never);
  expect(asked).toBe('a;b;c;d\n');
  expect(answers).toEqual(['one\ntwo', '', '', 'three']);
});

it('knows an answer that was cut, even at the end of a line', async () => {
  const path = await listen((socket) => socket.end('one\n\ntwo\nthr'));
  const asked = new RuntimeApi({ address: { path } }).ask(['a', 'b'], never);
  await expect(asked).rejects.toMatchObject({
    code: 'CUT_SHORT',
    message: expect.stringContaining('answer 2 of 2'),
  });
});

it('takes no more answers than commands', async () => {
  const path = await listen((socket) => socket.end('one\n\ntwo\n\n'));
  const asked = new RuntimeApi({ address: { path } }).ask(['a'], never);
  await expect(asked).rejects.toMatchObject({ code: 'GARBAGE' });
});

it('reads up to a bound', async () => {
  const path = await listen((socket) => socket.write('x'.repeat(2_000)));
  const api = new RuntimeApi({ address: { path }, answerBytesMax: 1_000 });
  await expect(api.ask(['a'], never)).rejects.toMatchObject({
    code: 'TOO_LARGE',
    message: expect.stringContaining('1000 bytes'),
  });
});

it('gives up when its signal says so, before and while it waits', async () => {
  const late = new AbortController();
  const path = await listen(() => late.abort(new Error('100 ms are over')));
  const api = new RuntimeApi({ address: { path } });
  await expect(api.ask(['a'], late.signal)).rejects.toMatchObject({ code: 'NO_ANSWER' });
  await expect(api.ask(['a'], late.signal)).rejects.toMatchObject({ code: 'NO_ANSWER' });
});

it('says that nobody listens, and what to look at', async () => {
  const api = new RuntimeApi({ address: { path: '/nonexistent/haproxy.sock' } });
  await expect(api.ask(['a'], never)).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringMatching(/ENOENT.*stats socket/),
  });
});

it.each(['a;b', 'a\nb', 'a\\b', 'x'.repeat(9_000)])(
  'sends no two commands as one: %.8j',
  async (command) => {
    const api = new RuntimeApi({ address: { path: '/nonexistent' } });
    await expect(api.ask([command], never)).rejects.toMatchObject({ code: 'INVALID' });
  },
);

it('lets no name become a command', async () => {
  const api = new RuntimeApi({ address: { path: '/nonexistent' } });
  const bad = 'b;shutdown sessions server a/b';
  await expect(api.read(bad, never)).rejects.toMatchObject({ code: 'INVALID' });
  expect(() => api.setWeights('b', [['s 1', 1]], never)).toThrow('no name of a server');
  expect(() => api.setWeights('b', [['s1', 257]], never)).toThrow('from 0 to 256');
  const server = { backend: 'b', name: 's', host: '1.1.1.1 ssl', port: 1 };
  await expect(api.addServer(server, never)).rejects.toMatchObject({ code: 'INVALID' });
});

it.each([
  ['a web server', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
  ['another line protocol', '-ERR unknown command\r\n'],
  ['text', 'one\n\ntwo\n\nthree\n\n'],
  ['nothing at all', ''],
  ['no numbers', 'Pid: NaN\nUptime_sec: 1\n\n1\n# a b\n\n# pxname,svname,\n\n'],
])('takes no measurement from what is not HAProxy: %s', async (_, text) => {
  const path = await listen((socket) => socket.end(text));
  const read = new RuntimeApi({ address: { path } }).read('b', never);
  await expect(read).rejects.toMatchObject({ code: expect.stringMatching(/GARBAGE|CUT_SHORT/) });
});
