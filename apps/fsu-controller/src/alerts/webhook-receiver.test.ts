import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@levitate/clock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from './alert.ts';
import { alertsConfig } from './alerts-config.ts';
import { DeliveryError } from './delivery-error.ts';
import { WebhookServer } from './testing/webhook-server.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const secret = 'T0CAFE/B0CAFE/s3cr3tS3cr3tS3cr3t';
const open: Alert = {
  ...{ kind: 'breaker-open', target: 'uplink', text: '4 failures' },
  ...{ startsUnixMs: 0, endsUnixMs: undefined },
};

let folder: string;
let server: WebhookServer;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'levitate-webhook-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await WebhookServer.start();
});
afterEach(() => server[Symbol.asyncDispose]());

function receiver(webhook: object): WebhookReceiver {
  const alerts = alertsConfig.parse({ webhooks: [webhook], labels: { region: 'eu' } });
  const [config] = alerts.webhooks;
  if (config === undefined) throw new Error('no webhook');
  return new WebhookReceiver({ name: 'slack-1', config, alerts, clock: new VirtualClock() });
}

/** A Slack receiver whose URL, a secret, is in a file. */
function slack(url = `${server.url}/services/${secret}`): WebhookReceiver {
  const url_file = join(folder, 'slack-url');
  writeFileSync(url_file, `${url}\nnot read\n`);
  return receiver({ format: 'slack', url_file });
}

function send(to: WebhookReceiver, signal = AbortSignal.timeout(5_000)): Promise<void> {
  return to.send({ alerts: [open] }, signal);
}

async function failureOf(to: WebhookReceiver): Promise<DeliveryError> {
  const error = await send(to).then(
    () => expect.unreachable('it was taken'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  for (const part of secret.split('/')) expect(String((error as Error).stack)).not.toContain(part);
  return error as DeliveryError;
}

describe('WebhookReceiver', () => {
  it('posts what Slack wants to the whole URL of the file', async () => {
    await send(slack());
    expect(server.posted).toMatchObject([
      {
        path: `/services/${secret}`,
        headers: { 'content-type': 'application/json' },
        body: { text: 'Levitate: breaker-open uplink', blocks: expect.any(Array) },
      },
    ]);
  });

  it('posts what Alertmanager wants below its path, with a token read anew each time', async () => {
    const token_file = join(folder, 'token');
    const url = `${server.url}/prefix/`;
    const alertmanager = receiver({ format: 'alertmanager', url, token_file });
    for (const token of ['one', 'two']) {
      writeFileSync(token_file, `${token}\n`);
      await send(alertmanager);
    }
    expect(server.posted.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/prefix/api/v2/alerts', 'Bearer one'],
      ['/prefix/api/v2/alerts', 'Bearer two'],
    ]);
    expect(server.posted[0]?.body).toMatchObject([{ labels: { region: 'eu' } }]);
  });

  it.each([
    [500, 'FAILED'],
    [429, 'FAILED'],
    [404, 'REFUSED'],
    [302, 'REFUSED'],
  ])('takes %i for %s and repeats none of the secrets that the answer does', async (code, kind) => {
    server.answer = (response) => {
      response.writeHead(code, { 'retry-after': '90', location: `${server.url}/elsewhere` });
      response.end(`Cannot POST /services/${secret} of ${secret.split('/').at(-1)}\n`);
    };
    const error = await failureOf(slack());
    expect([error.code, error.retryAfterMs]).toEqual([kind, 90_000]);
    expect(error.message).toContain(`answered ${code}: Cannot POST *** of ***`);
    expect(server.posted).toHaveLength(1);
  });

  it('does not read all of an answer without an end', async () => {
    server.answer = (response: ServerResponse) => {
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    };
    await send(slack());
  });

  it('gives up on who says nothing when its signal aborts', async () => {
    server.answer = () => {};
    await expect(send(slack(), AbortSignal.timeout(50))).rejects.toThrow(/abort|timeout/i);
  });

  it('says that nobody is there', async () => {
    const to = slack();
    await server[Symbol.asyncDispose]();
    const error = await failureOf(to);
    expect(error.message).toMatch(/slack-1 at 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    expect(error.code).toBe('UNREACHABLE');
  });

  it('says what is wrong with who speaks no HTTP', async () => {
    const other = createServer((socket) => socket.end('220 mail.example.org ESMTP\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    expect((await failureOf(slack(`http://127.0.0.1:${port}/${secret}`))).message).toMatch(/Parse/);
    other.close();
  });

  it('names a file that is missing, empty or holds no URL, and not what is in it', async () => {
    const url_file = join(folder, 'none');
    const missing = await failureOf(receiver({ format: 'slack', url_file }));
    expect(missing.message).toContain(`url_file ${url_file} cannot be read: ENOENT`);
    expect((await failureOf(slack(''))).message).toContain('is empty');
    const error = await failureOf(slack(`${secret}`));
    expect(error.message).toMatch(/the URL in .*slack-url must begin with http/);
    expect(error.isRefused).toBe(true);
  });
});
