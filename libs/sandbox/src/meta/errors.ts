import type { Answer } from '../network-plugin.js';

/** The error body of the Graph API. */
export function metaError(
  code: number,
  message: string,
  more: { subcode?: number; status?: number } = {},
): Answer {
  return {
    status: more.status ?? 400,
    code: more.subcode === undefined ? String(code) : `${code}/${more.subcode}`,
    body: {
      error: {
        message,
        type: code === 190 ? 'OAuthException' : 'FacebookApiException',
        code,
        ...(more.subcode === undefined ? {} : { error_subcode: more.subcode }),
        fbtrace_id: 'AsandboxTrace',
      },
    },
  };
}

export const invalidParameter = metaError(100, 'Invalid parameter');
