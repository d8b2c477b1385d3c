import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { realAiosmtpd } from '@levitate/testing';

const program = fileURLToPath(new URL('./smtp-sink.py', import.meta.url));

/** A mail as the server took it. */
export interface TakenMail {
  readonly tls: boolean;
  readonly authenticated: boolean;
  readonly from: string;
  readonly to: string[];
  /** Headers and body. */
  readonly text: string;
}

/**
 * A mail server (aiosmtpd) that wants STARTTLS and a login. `config` is what reaches it, as
 * `alerts.smtp` has it; `mails` is what it took.
 */
export async function startSmtpSink() {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-smtp-'));
  const file = (name: string) => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', ...key, '-keyout', file('key.pem'), '-out', file('cert.pem')],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ],
    { stdio: 'ignore' },
  );
  writeFileSync(file('password'), 'correct-horse-battery\n');
  const login = ['levitate', 'correct-horse-battery'];
  const flags = [program, file('cert.pem'), file('key.pem'), ...login];
  const server = spawn(realAiosmtpd.python, flags, { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: server.stdout });
  const [port] = await once(lines, 'line', { signal: AbortSignal.timeout(20_000) });
  const mails: TakenMail[] = [];
  lines.on('line', (line) => mails.push(JSON.parse(line)));
  return {
    mails,
    config: {
      ...{ host: '127.0.0.1', port: Number(port), ca_file: file('cert.pem') },
      ...{ username: 'levitate', password_file: file('password') },
      ...{ from: 'levitate@example.org', to: ['ops@example.org', 'night@example.org'] },
    },
    async [Symbol.asyncDispose](): Promise<void> {
      server.stdin.end();
      if (server.exitCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
