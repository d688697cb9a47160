import { createHmac, createSecretKey } from 'node:crypto';

/** What the sandbox's accounts ask for. Made up, known to everybody, worth nothing elsewhere. */
export const SANDBOX_CREDENTIALS = {
  google: { token: 'sandbox-google-token', accountId: '1112223333' },
  meta: {
    token: 'sandbox-meta-token',
    appSecret: 'sandbox-meta-app-secret',
    adAccountId: '4445556666',
  },
} as const;

/** The `appsecret_proof` that goes with the sandbox's token. */
export function expectedAppSecretProof(): string {
  const { token, appSecret } = SANDBOX_CREDENTIALS.meta;
  return createHmac('sha256', createSecretKey(appSecret, 'utf8')).update(token).digest('hex');
}
