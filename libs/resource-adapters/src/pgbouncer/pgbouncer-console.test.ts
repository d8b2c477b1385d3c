import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PgbouncerConsole } from './pgbouncer-console.ts';
import { PgbouncerError } from './pgbouncer-error.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

/** Somebody who listens where PgBouncer should. */
async function consoleBefore(speak: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    speak(socket);
    // What nobody reads keeps an end from being seen.
    socket.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const admin = new PgbouncerConsole({ host: '127.0.0.1', port, user: 'postgres' });
  undo.push(() => {
    admin.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { admin, sockets, port };
}

const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => 'answered',
    (error: unknown) => (error instanceof PgbouncerError ? error.code : String(error)),
  );

/** A message of the server: kind, length, body. */
function message(kind: string, ...parts: (string | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const head = Buffer.alloc(5);
  head.write(kind);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const letIn = Buffer.concat([message('R', [0, 0, 0, 0]), message('Z', 'I')]);

describe('PgbouncerConsole', () => {
  it.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
    ['lengths of nothing', Buffer.alloc(4_096)],
    ['lengths beyond all bounds', Buffer.alloc(4_096, 0xff)],
    ['a message that does not come now', message('Z', 'I')],
    ['rows that nobody asked for', message('D', [0, 1, 0, 0, 0, 1], 'x')],
  ])('gives up on one that answers nonsense: %s', async (_, nonsense) => {
    const { admin, sockets } = await consoleBefore((socket) => socket.write(nonsense));
    const code = await codeOf(admin.query('SHOW POOLS', AbortSignal.timeout(300)));
    expect(['late', 'lost', 'bad-answer']).toContain(code);
    for (const socket of sockets) if (!socket.destroyed) await once(socket, 'close');
  });

  it('gives up on one that lets us in and then answers nonsense', async () => {
    const { admin } = await consoleBefore((socket) => {
      socket.once('data', () => {
        socket.write(letIn);
        socket.once('data', () => socket.write(message('D', [0, 1, 0, 0, 0, 1], 'x')));
      });
    });
    const code = await codeOf(admin.query('SHOW POOLS', AbortSignal.timeout(300)));
    expect(['late', 'lost', 'bad-answer']).toContain(code);
  });

  it('does not take in an answer without end', async () => {
    const megabyte = message('S', Buffer.alloc(1_000_000, 'x').toString());
    const { admin } = await consoleBefore((socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write(megabyte));
      };
      socket.on('drain', more);
      socket.once('data', more);
    });
    const answer = codeOf(admin.query('SHOW POOLS', AbortSignal.timeout(20_000)));
    expect(await answer).toBe('bad-answer');
  });

  it('says when nobody is there, nobody answers, and when it is closed', async () => {
    const { admin, port } = await consoleBefore(() => {});
    const late = AbortSignal.timeout(20);
    expect(await codeOf(admin.query('SHOW POOLS', late))).toBe('late');
    expect(await codeOf(admin.query('SHOW POOLS', late))).toBe('late');
    admin.close();
    const soon = () => AbortSignal.timeout(5_000);
    expect(await codeOf(admin.query('SHOW POOLS', soon()))).toBe('lost');
    for (const each of undo.splice(0).reverse()) await each();
    const nobody = new PgbouncerConsole({ host: '127.0.0.1', port, user: 'postgres' });
    expect(await codeOf(nobody.query('SHOW POOLS', soon()))).toBe('unreachable');
  });

  it('connects anew after it was cut off', async () => {
    let calls = 0;
    const { admin } = await consoleBefore((socket) => {
      calls += 1;
      if (calls === 1) socket.end();
      else socket.once('data', () => socket.write(letIn));
      socket.on('data', (bytes) => {
        if (bytes[0] === 0x51)
          socket.write(Buffer.concat([message('C', 'SHOW\0'), letIn.subarray(-6)]));
      });
    });
    const soon = () => AbortSignal.timeout(5_000);
    expect(await codeOf(admin.query('SHOW POOLS', soon()))).toBe('lost');
    expect(await admin.query('SHOW POOLS', soon())).toEqual([]);
    expect(admin.connections).toBe(1);
  });

  it('has a bounded line of commands', async () => {
    const { admin } = await consoleBefore(() => {});
    const signal = AbortSignal.timeout(50);
    const codes = await Promise.all(
      Array.from({ length: 18 }, () => codeOf(admin.query('SHOW POOLS', signal))),
    );
    expect(codes.filter((code) => code === 'busy')).toHaveLength(2);
    expect(codes.filter((code) => code === 'late')).toHaveLength(16);
  });

  it('says what is wrong with a password file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'levitate-password-'));
    undo.push(() => rm(folder, { recursive: true }));
    const query = (passwordFile: string) => {
      const at = { host: '127.0.0.1', port: 1, user: 'postgres', passwordFile };
      return codeOf(new PgbouncerConsole(at).query('SHOW POOLS', AbortSignal.timeout(5_000)));
    };
    expect(await query(join(folder, 'nowhere'))).toBe('bad-option');
    await writeFile(join(folder, 'long'), 'x'.repeat(10_000));
    expect(await query(join(folder, 'long'))).toBe('bad-option');
  });
});
