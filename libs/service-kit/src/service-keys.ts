import { z } from 'zod';

/** `host:port`; an IPv6 host stands in brackets, port 0 takes a free one. */
export const listenAddress = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):\d{1,5}$/, 'host:port, e.g. 127.0.0.1:7411')
  .refine((address) => Number(address.slice(address.lastIndexOf(':') + 1)) <= 65_535, {
    message: 'host:port with a port from 0 to 65535',
  });

/** A person's way of saying what network the service is in. */
export const presetNames = ['local', 'lan', 'wan'] as const;
/** @see presetNames */
export type PresetName = (typeof presetNames)[number];

/**
 * Keys every service has. A service extends this with its own and sets its default ports:
 * `commonConfig.extend({ listen: listenAddress.default('127.0.0.1:7411').describe('...') })`.
 */
export const commonConfig = z.strictObject({
  preset: z
    .enum(presetNames)
    .default('local')
    .describe('Set of defaults: local (one host, plaintext), lan or wan (mutual TLS).'),
  listen: listenAddress.default('127.0.0.1:0').describe('Address of the gRPC server.'),
  ops_listen: listenAddress
    .default('127.0.0.1:0')
    .describe('Address of plain HTTP /metrics, /livez, /readyz and /health.'),
  log_level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .default('info')
    .describe('Least severe log line that is written.'),
  state_directory: z
    .string()
    .min(1)
    .max(4_096)
    .default('auto')
    .describe('Folder of what must survive; auto is /var/lib/levitate, or the XDG state folder.'),
  grace_period_ms: z
    .int()
    .min(0)
    .max(600_000)
    .default(10_000)
    .describe('Time calls in flight get to finish when the service stops.'),
  tls: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('Mutual TLS 1.3; may be off in the local preset only.'),
      cert_file: z.string().default('').describe('Own certificate chain, PEM.'),
      key_file: z.string().default('').describe('Key of the certificate, PEM.'),
      ca_file: z.string().default('').describe('Authorities that peers must come from, PEM.'),
    })
    .prefault({}),
});

/** What every service's configuration has in common. */
export type CommonConfig = z.output<typeof commonConfig>;

/** Differences of the presets that hold for every service; a service's own go on top. */
export const commonPresets = {
  local: {},
  lan: { tls: { enabled: true } },
  wan: { tls: { enabled: true }, grace_period_ms: 30_000 },
} as const satisfies Record<PresetName, object>;

/** Conditions over common keys that no single key can state. */
export function commonRules(config: CommonConfig): { key: string; problem: string }[] {
  const broken: { key: string; problem: string }[] = [];
  const { tls, preset } = config;
  if (!tls.enabled && preset !== 'local') {
    broken.push({
      key: 'tls.enabled',
      problem: `must be true in preset ${preset}; only local is plaintext`,
    });
  }
  for (const key of ['cert_file', 'key_file', 'ca_file'] as const) {
    if (tls.enabled && tls[key] === '') {
      broken.push({ key: `tls.${key}`, problem: 'must name a PEM file when tls.enabled is true' });
    }
  }
  return broken;
}

/** The TLS files of a configuration as grpc-kit takes them; `undefined` for plaintext. */
export function tlsFilesOf(
  config: CommonConfig,
): { certFile: string; keyFile: string; caFile: string } | undefined {
  const { enabled, cert_file, key_file, ca_file } = config.tls;
  return enabled ? { certFile: cert_file, keyFile: key_file, caFile: ca_file } : undefined;
}
