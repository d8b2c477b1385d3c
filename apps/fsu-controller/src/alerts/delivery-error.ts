/** Why a message was not taken: nobody there, too slow, a plain no, or a no for now. */
export type DeliveryErrorCode = 'UNREACHABLE' | 'DEADLINE' | 'REFUSED' | 'FAILED';

/** What, why, next step; holds no secret. */
export class DeliveryError extends Error {
  readonly code: DeliveryErrorCode;
  /** How long the receiver asks to be left alone, ms. */
  readonly retryAfterMs: number | undefined;

  constructor(parts: {
    code: DeliveryErrorCode;
    message: string;
    nextStep: string;
    retryAfterMs?: number | undefined;
  }) {
    super(`${parts.message}; ${parts.nextStep}`);
    this.name = 'DeliveryError';
    this.code = parts.code;
    this.retryAfterMs = parts.retryAfterMs;
  }

  /** The same message would be turned down again. */
  get isRefused(): boolean {
    return this.code === 'REFUSED';
  }
}

/**
 * A text of another's making, as it may stand in a log: one line, printable, short, and without
 * the secrets, which a server may well repeat.
 */
export function toldText(text: string, secrets: readonly string[]): string {
  const clean = secrets
    .filter((secret) => secret.length > 0)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  return clean
    .replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

/** Whether TLS failed for a certificate, which a person must mend. */
export function isCertificateFault(error: unknown): boolean {
  const { code = '', originalCode = '' } = error as { code?: string; originalCode?: string };
  return /CERT|ISSUER|LEAF_SIGNATURE/.test(`${code} ${originalCode}`);
}
