import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsFiles } from '../tls-files.ts';

/** Certificates of one authority, made by openssl, gone with the disposal. */
export interface Certificates extends Disposable {
  readonly folder: string;
  readonly server: TlsFiles;
  readonly client: TlsFiles;
}

/** Makes an authority, a certificate for localhost and one for a client. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-tls-'));
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca');
  for (const name of ['server', 'client']) {
    const san = `subjectAltName=DNS:localhost,IP:127.0.0.1,URI:spiffe://levitate/${name}`;
    openssl(
      ...['req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.pem`],
      ...['-subj', `/CN=${name}`, '-addext', san, '-CA', 'ca.pem', '-CAkey', 'ca.key'],
      ...['-addext', 'basicConstraints=CA:FALSE'],
    );
  }
  const filesOf = (name: string): TlsFiles => ({
    certFile: join(folder, `${name}.pem`),
    keyFile: join(folder, `${name}.key`),
    caFile: join(folder, 'ca.pem'),
  });
  return {
    folder,
    server: filesOf('server'),
    client: filesOf('client'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
