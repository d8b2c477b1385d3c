import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { type ChannelCredentials, credentials, ServerCredentials } from '@grpc/grpc-js';

/** PEM files of one side. Both sides always prove themselves (mutual TLS). */
export interface TlsFiles {
  /** Own certificate chain. */
  readonly certFile: string;
  /** Key of the first certificate of the chain. */
  readonly keyFile: string;
  /** Authorities the other side's certificate must come from. */
  readonly caFile: string;
}

/** A file that could not be read or used. */
export class TlsFileError extends Error {
  readonly code: 'UNREADABLE' | 'UNUSABLE';

  constructor(code: TlsFileError['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'TlsFileError';
    this.code = code;
  }
}

/** TLS 1.3 alone, with its two suites that authenticate with at least 128 bits (SPEC 1). */
const protocol = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
} as const satisfies SecureContextOptions;

/** Credentials of a server that demands a client certificate. @throws {TlsFileError} */
export async function tlsServerCredentials(files: TlsFiles): Promise<ServerCredentials> {
  return new Tls13ServerCredentials(await contextOptions(files));
}

/** Credentials of a client that presents its certificate. @throws {TlsFileError} */
export async function tlsClientCredentials(files: TlsFiles): Promise<ChannelCredentials> {
  return credentials.createFromSecureContext(createSecureContext(await contextOptions(files)));
}

/** grpc-js offers no minimum version: `createSsl` accepts TLS 1.2. */
class Tls13ServerCredentials extends ServerCredentials {
  constructor(options: SecureContextOptions) {
    super({ requestCert: true, rejectUnauthorized: true, ...protocol }, options);
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

async function contextOptions(files: TlsFiles): Promise<SecureContextOptions> {
  const [cert, key, ca] = await Promise.all(
    [files.certFile, files.keyFile, files.caFile].map(async (file) => {
      try {
        return await readFile(file);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new TlsFileError('UNREADABLE', `cannot read ${file}: ${why}`, cause);
      }
    }),
  );
  const options = { ...protocol, cert, key, ca };
  try {
    createSecureContext(options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const pair = `${files.certFile} with ${files.keyFile}`;
    throw new TlsFileError('UNUSABLE', `${pair} is no usable pair: ${why}`, cause);
  }
  return options;
}
