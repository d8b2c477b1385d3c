import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { redisConnection } from './redis-connection.ts';
import { redisConfig } from './windows-config.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'levitate-password-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function passwordIn(text: string): Promise<string | undefined> {
  const file = join(directory, 'password');
  await writeFile(file, text);
  return (await redisConnection(redisConfig.parse({ password_file: file }))).password;
}

it.each([
  ['one line', 'secret'],
  ['a line end', 'secret\n'],
  ['a line end of Windows', 'secret\r\n'],
  ['further lines', 'secret\nrotated last in May\n'],
])('the password is the first line of a file with %s', async (_, text) => {
  expect(await passwordIn(text)).toBe('secret');
});

it('a space belongs to the password', async () => {
  expect(await passwordIn(' two words \n')).toBe(' two words ');
});

it('without a password file there is no password', async () => {
  const connection = await redisConnection(redisConfig.parse({}));
  expect(connection).toStrictEqual({
    url: 'redis://127.0.0.1:6379',
    shownUrl: 'redis://127.0.0.1:6379',
    keyPrefix: 'levitate:telemetry:v1',
    password: undefined,
  });
});

it.each([
  ['that is not there', '/nonexistent/password', /no such file.*\/nonexistent\/password/],
  ['that is a folder', tmpdir(), /illegal operation on a directory/],
])('a file %s is refused with what, why and the next step', async (_, file, why) => {
  const refused = redisConnection(redisConfig.parse({ password_file: file }));
  await expect(refused).rejects.toMatchObject({
    code: 'password-unreadable',
    message: expect.stringMatching(why),
    nextStep: expect.stringContaining('windows.redis.password_file'),
  });
  await expect(refused).rejects.toThrow(/^no password of Redis: .*; let windows\.redis\.password_/);
});

it('an empty first line is refused: Redis would be asked without a password', async () => {
  await expect(passwordIn('\nsecret\n')).rejects.toMatchObject({
    code: 'password-unreadable',
    message: expect.stringContaining('first line'),
  });
});

it.each([
  ['redis://user:hunter2@cache:6379/3', 'redis://cache:6379/3'],
  ['rediss://:hun@ter2@cache:6379', 'rediss://cache:6379'],
  ['redis://cache:6379?password=hunter2', 'redis://cache:6379'],
  ['/run/redis/redis.sock', '/run/redis/redis.sock'],
])('of %s logs show %s', async (url, shownUrl) => {
  expect(await redisConnection(redisConfig.parse({ url }))).toMatchObject({ url, shownUrl });
});
