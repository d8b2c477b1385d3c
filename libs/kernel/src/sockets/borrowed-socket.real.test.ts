import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { realRoot } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { BorrowedSocket } from './borrowed-socket.ts';
import { connectionsOfPort } from './tcp-table.ts';

/** Both ends of one connection in a process of its own, which tells the port it listens on. */
const PEERS = `
  const net = require('node:net');
  const server = net.createServer(() => {}).listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    net.connect(port, '127.0.0.1', () => process.send(port));
  });
`;

realRoot.describe('buffers of a connection of another process', () => {
  let child: ChildProcess;
  let port: number;

  beforeEach(async () => {
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    child = spawn(process.execPath, ['-e', PEERS], { stdio: [...stdio] });
    [port] = (await once(child, 'message')) as [number];
    // The listener accepts a moment after the other end is connected.
    await expect.poll(() => connectionsOfPort(port).length, { timeout: 20_000 }).toBe(1);
  });
  afterEach(async () => {
    const exited = once(child, 'exit');
    if (child.kill('SIGKILL')) await exited;
  });

  function take(): BorrowedSocket {
    const [inode = 0] = connectionsOfPort(port);
    const socket = BorrowedSocket.find(inode, [process.pid]);
    if (socket === undefined) throw new Error('the connection is not found');
    return socket;
  }

  realRoot.it('they are fixed beyond the maximum of the host, and then autotuned again', () => {
    using socket = take();
    expect(socket.pid).toBe(child.pid);
    expect(socket.cookie).toMatch(/^[0-9a-f]+$/);
    const before = socket.read();
    expect(before.lock).toBe(0);
    const after = socket.write({ sendBytes: 40_000_000, receiveBytes: 50_000_000 });
    expect(after).toEqual({ sendBytes: 40_000_000, receiveBytes: 50_000_000, lock: 3 });
    socket.restore(before);
    expect(socket.read()).toEqual(before);
  });

  realRoot.it('one direction alone leaves the other to the kernel', () => {
    using socket = take();
    const before = socket.read();
    socket.write({ sendBytes: 200_000 });
    expect(socket.read()).toEqual({ ...before, sendBytes: 200_000, lock: 1 });
    socket.restore(before);
    expect(socket.read().lock).toBe(0);
  });

  realRoot.it('what the owner had fixed itself is fixed again', () => {
    using socket = take();
    socket.write({ receiveBytes: 100_000 });
    const before = socket.read();
    socket.write({ sendBytes: 300_000, receiveBytes: 300_000 });
    socket.restore(before);
    expect(socket.read()).toEqual({ ...before, lock: 2 });
  });

  realRoot.it('a size that the kernel cannot hold is refused, one it raises is told', () => {
    using socket = take();
    expect(() => socket.write({ sendBytes: 2 ** 31 })).toThrow(/2 to 2147483646 bytes/);
    expect(() => socket.write({ sendBytes: 1 })).toThrow(/2 to/);
    expect(() => socket.write({ sendBytes: 100 })).toThrow(/reads back \d+ bytes, asked were 100/);
  });

  realRoot.it('a connection that has ended is not found', async () => {
    const [inode = 0] = connectionsOfPort(port);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(BorrowedSocket.find(inode, [child.pid ?? 0])).toBeUndefined();
    expect(BorrowedSocket.take(inode, { pid: child.pid ?? 0, fd: 20 })).toBeUndefined();
    expect(BorrowedSocket.take(inode, { pid: process.pid, fd: 0 })).toBeUndefined();
  });
});
