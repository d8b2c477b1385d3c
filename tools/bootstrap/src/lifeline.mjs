// Loaded before a program (`node --import`): ends it when the process that started it is gone.
//
// The parent holds the other end of a pipe (descriptor LEVITATE_LIFELINE_FD) on which nothing is
// ever written; the kernel closes it whatever the parent dies of, `kill -9` included. The program
// then gets the SIGTERM it would have got from a parent that stops in order, and a bounded time.
import { Socket } from 'node:net';

const graceMs = 15_000;
const descriptor = Number(process.env.LEVITATE_LIFELINE_FD);
// A grandchild does not hold this pipe; it gets one of its own from whoever starts it.
delete process.env.LEVITATE_LIFELINE_FD;

if (Number.isInteger(descriptor) && descriptor > 2) {
  const pipe = new Socket({ fd: descriptor, readable: true, writable: false });
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
  };
  pipe.on('end', end);
  pipe.on('close', end);
  pipe.on('error', end);
  pipe.resume();
  pipe.unref();
}
