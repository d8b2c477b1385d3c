import { readFile } from 'node:fs/promises';
import { FeatureWindowsError } from './errors.ts';
import type { RedisWindowsOptions } from './redis-feature-windows.ts';
import type { RedisConfig } from './windows-config.ts';

/** What `RedisFeatureWindows.open` takes of a configuration, and its URL as logs may show it. */
export interface RedisConnection
  extends Pick<RedisWindowsOptions, 'url' | 'password' | 'keyPrefix'> {
  /** The URL without user, password and parameters, should somebody have put a secret there. */
  readonly shownUrl: string;
}

/**
 * Reads the password that the configuration names.
 *
 * @throws FeatureWindowsError `password-unreadable`: the file cannot be read, or its first line is
 *   empty, which Redis would take for no password at all
 */
export async function redisConnection(config: RedisConfig): Promise<RedisConnection> {
  const { url, password_file: file, key_prefix: keyPrefix } = config;
  const shownUrl = url.replace(/\/\/[^/]*@/, '//').replace(/\?.*/, '');
  return { url, shownUrl, keyPrefix, password: file === '' ? undefined : await firstLine(file) };
}

async function firstLine(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw unreadable(cause.message, cause);
  });
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '') throw unreadable(`the first line of ${file} is empty`);
  return line;
}

function unreadable(why: string, cause?: Error): FeatureWindowsError {
  return new FeatureWindowsError('password-unreadable', `no password of Redis: ${why}`, {
    nextStep: 'let windows.redis.password_file name a file with it that can be read, or nothing',
    cause,
  });
}
