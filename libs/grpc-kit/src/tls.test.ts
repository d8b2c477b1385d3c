import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { makeCertificates } from './testdata/make-certificates.ts';
import { rejectionOf, startPair } from './testdata/telemetry-server.ts';

const ours = makeCertificates();
const others = makeCertificates();
afterAll(() => {
  ours[Symbol.dispose]();
  others[Symbol.dispose]();
});

describe('mutual TLS', () => {
  it('carries calls between holders of certificates of one authority', async () => {
    const logger = { warn: vi.fn(), error: vi.fn() };
    await using pair = await startPair(
      { listLinks: () => ({ links: [{ link: 'a' }] }) },
      { tls: ours.server, logger },
      { tls: ours.client },
    );
    expect((await pair.client.listLinks({})).links[0]?.link).toBe('a');
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('refuses clients of another authority, without a certificate, or in plaintext', async () => {
    await using stranger = await startPair(
      {},
      { tls: ours.server },
      { tls: { ...others.client, caFile: ours.client.caFile } },
    );
    expect(await rejectionOf(stranger.client.listLinks({}))).toMatchObject({ code: 'UNAVAILABLE' });
    await using plain = await startPair({}, { tls: ours.server });
    expect(await rejectionOf(plain.client.listLinks({}))).toMatchObject({ code: 'UNAVAILABLE' });
    const ca = readFileSync(ours.client.caFile);
    const socket = tlsConnect({ port: plain.server.port, ca, ALPNProtocols: ['h2'] });
    const [error] = await once(socket, 'error');
    expect(error.code).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  });

  it('refuses a server of another authority', async () => {
    await using pair = await startPair({}, { tls: others.server }, { tls: ours.client });
    expect(await rejectionOf(pair.client.listLinks({}))).toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('speaks TLS 1.3 and nothing older, with the two suites the design allows', async () => {
    await using pair = await startPair({}, { tls: ours.server });
    const files = {
      ca: readFileSync(ours.client.caFile),
      cert: readFileSync(ours.client.certFile),
      key: readFileSync(ours.client.keyFile),
      port: pair.server.port,
      ALPNProtocols: ['h2'],
    };
    const old = tlsConnect({ ...files, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
    const [error] = await once(old, 'error');
    expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    const weak = tlsConnect({ ...files, ciphers: 'TLS_AES_128_GCM_SHA256' });
    const [refusal] = await once(weak, 'error');
    expect(refusal.code).toMatch(/HANDSHAKE_FAILURE/);
    const modern = tlsConnect(files);
    await once(modern, 'secureConnect');
    expect(modern.getProtocol()).toBe('TLSv1.3');
    expect(modern.getCipher().name).toBe('TLS_AES_256_GCM_SHA384');
    modern.destroy();
  });

  it('says which file is missing, and that a pair does not fit', async () => {
    const missing = { ...ours.server, keyFile: join(ours.folder, 'none.key') };
    await expect(startPair({}, { tls: missing })).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining('none.key'),
    });
    const wrong = { ...ours.server, keyFile: ours.client.keyFile };
    await expect(startPair({}, { tls: wrong })).rejects.toMatchObject({ code: 'UNUSABLE' });
    const rubbish = join(ours.folder, 'rubbish.pem');
    writeFileSync(rubbish, 'not a certificate');
    await expect(
      startPair({}, { tls: { ...ours.server, certFile: rubbish } }),
    ).rejects.toMatchObject({ code: 'UNUSABLE' });
  });

  it('says loudly that plaintext is plaintext', async () => {
    const logger = { warn: vi.fn(), error: vi.fn() };
    await using pair = await startPair({}, { logger });
    expect(logger.warn.mock.calls[0]?.[1]).toContain('PLAINTEXT');
    expect(logger.warn.mock.calls[0]?.[1]).toContain(pair.server.address);
  });
});
