import { z } from 'zod';

/** What every key in Redis begins with unless it is set; it carries the version of the layout. */
export const defaultKeyPrefix = 'levitate:telemetry:v1';

/** The Redis that windows are in, as every service that writes or follows them is told of it. */
export const redisConfig = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(4_096)
    .default('redis://127.0.0.1:6379')
    .describe('redis://, rediss:// or the path of a socket; no password in it.'),
  password_file: z
    .string()
    .max(4_096)
    .default('')
    .describe('File whose first line is the password; empty for none.'),
  key_prefix: z
    .string()
    .min(1)
    .max(128)
    .default(defaultKeyPrefix)
    .describe('What every key begins with; the same in telemetry and in all who follow it.'),
});

/** @see redisConfig */
export type RedisConfig = z.output<typeof redisConfig>;

/** Where a service that does not keep windows itself follows them. */
export const followedSource = z.strictObject({
  source: z
    .enum(['grpc', 'redis'])
    .default('grpc')
    .describe('Where windows are followed: the telemetry service, or Redis itself.'),
  redis: redisConfig.prefault({}),
});

/** @see followedSource */
export type FollowedSource = z.output<typeof followedSource>;
