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
 * @param key where in the configuration it stands, for the error
 * @throws FeatureWindowsError `password-unreadable`: the file cannot be read, or its first line is
 *   empty, which Redis would take for no password at all
 */
export async function redisConnection(
  config: RedisConfig,
  key = 'windows.redis',
): Promise<RedisConnection> {
  const { url, password_file: file, key_prefix: keyPrefix } = config;
  const shownUrl = url.replace(/\/\/[^/]*@/, '//').replace(/\?.*/, '');
  const password = file === '' ? undefined : await firstLine(file, key);
  return { url, shownUrl, keyPrefix, password };
}

async function firstLine(file: string, key: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw unreadable(key, cause.message, cause);
  });
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '') throw unreadable(key, `the first line of ${file} is empty`);
  return line;
}

function unreadable(key: string, why: string, cause?: Error): FeatureWindowsError {
  return new FeatureWindowsError('password-unreadable', `no password of Redis: ${why}`, {
    nextStep: `let ${key}.password_file name a file with it that can be read, or nothing`,
    cause,
  });
}
