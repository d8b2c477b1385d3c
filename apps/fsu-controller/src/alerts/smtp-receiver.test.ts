import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alertsConfig } from './alerts-config.ts';
import { DeliveryError } from './delivery-error.ts';
import { SmtpReceiver } from './smtp-receiver.ts';

const password = 'correct-horse-battery';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'levitate-smtp-'));
  writeFileSync(join(folder, 'password'), `${password}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const servers: (SMTPServer | Server)[] = [];
afterEach(async () => {
  for (const server of servers.splice(0))
    await new Promise<void>((resolve) => server.close(resolve as () => void));
});

/** A mail server on a free port. @returns what it was given */
async function startServer(options: SMTPServerOptions = {}) {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    onAuth: (auth, _session, tell) =>
      auth.password === password
        ? tell(null, { user: auth.username })
        : tell(new Error(`no such login: ${auth.password}`)),
    onData(stream, _session, tell) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString('utf8'));
        tell();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { mails, port: (server.server.address() as { port: number }).port };
}

function receiver(more: object): SmtpReceiver {
  const { smtp, ...alerts } = alertsConfig.parse({
    smtp: { host: '127.0.0.1', from: 'a@example.org', to: ['b@example.org'], ...more },
  });
  if (smtp === undefined) throw new Error('no smtp');
  return new SmtpReceiver(smtp, alerts);
}

const login = () => ({ username: 'levitate', password_file: join(folder, 'password') });

function send(to: SmtpReceiver, signal = AbortSignal.timeout(5_000)): Promise<void> {
  const alert = { kind: 'breaker-open', target: 'uplink', text: '4 failures' } as const;
  return to.send({ alerts: [{ ...alert, startsUnixMs: 0, endsUnixMs: undefined }] }, signal);
}

async function failureOf(to: SmtpReceiver): Promise<DeliveryError> {
  const error = await send(to).then(
    () => expect.unreachable('it was taken'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  return error as DeliveryError;
}

describe('SmtpReceiver', () => {
  it('sends a mail that nobody answers by itself', async () => {
    const { mails, port } = await startServer({ disabledCommands: ['STARTTLS'] });
    await send(receiver({ port, tls: 'none', ...login() }));
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^From: Levitate <a@example.org>\r$/m);
    expect(mails[0]).toMatch(/^To: b@example.org\r$/m);
    expect(mails[0]).toMatch(/^Subject: Levitate: breaker-open uplink\r$/m);
    expect(mails[0]).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(mails[0]).toContain('4 failures');
  });

  it('sends nothing before TLS where that is wanted, whoever offers none', async () => {
    const { mails, port } = await startServer({ disabledCommands: ['STARTTLS'] });
    const error = await failureOf(receiver({ port, ...login() }));
    expect([error.code, mails]).toEqual(['REFUSED', []]);
    expect(error.message).toContain('alerts.smtp: tls');
  });

  it('says that the login is wrong, without the password', async () => {
    const { port } = await startServer({ disabledCommands: ['STARTTLS'] });
    const password_file = join(folder, 'wrong');
    writeFileSync(password_file, 'open-sesame-1\n');
    const to = receiver({ port, tls: 'none', username: 'levitate', password_file });
    const error = await failureOf(to);
    expect(error.message).toContain('no such login: ***');
    expect(String(error.stack)).not.toContain('open-sesame-1');
    expect(error.isRefused).toBe(true);
  });

  it('knows a no for now from a no', async () => {
    const refuse = (responseCode: number) => ({
      disabledCommands: ['STARTTLS'],
      onMailFrom: (_address: unknown, _session: unknown, tell: (error: Error) => void) =>
        tell(Object.assign(new Error('not now'), { responseCode })),
    });
    for (const [code, kind] of [
      [451, 'FAILED'],
      [550, 'REFUSED'],
    ] as const) {
      const { port } = await startServer(refuse(code));
      expect((await failureOf(receiver({ port, tls: 'none' }))).code).toBe(kind);
    }
  });

  it('gives up on a server that says nothing when its signal aborts', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const sockets: { destroy(): void }[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    await expect(send(receiver({ port, tls: 'none' }), AbortSignal.timeout(50))).rejects.toThrow(
      /abort|timeout/i,
    );
    for (const socket of sockets) socket.destroy();
    silent.close();
    const gone = await failureOf(receiver({ port, tls: 'none' }));
    expect(gone.code).toBe('UNREACHABLE');
  });

  it('names a password file that cannot be read', async () => {
    const to = receiver({ username: 'u', password_file: join(folder, 'none') });
    expect((await failureOf(to)).message).toContain('password_file');
  });
});
