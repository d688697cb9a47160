import { createHash } from 'node:crypto';
import { LIVE_SCRIPT } from '../live/script.js';
import { BASE } from './base.css.js';
import { CHARTS } from './charts.css.js';
import { FORMS } from './forms.css.js';
import { FRAME } from './frame.css.js';
import { ICON } from './icon.js';
import { PARTS } from './parts.css.js';
import { TOKENS } from './tokens.css.js';

/** A file that pages load. Its path holds the digest of its content, so it may be kept for good. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

/** Where every asset lies. */
export const ASSETS_PATH = '/assets';

/** The header `Cache-Control` of an asset. */
export const ASSET_CACHE = 'public, max-age=31536000, immutable';

function asset(name: string, extension: string, type: string, body: string): Asset {
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 12);
  return { path: `${ASSETS_PATH}/${name}.${digest}.${extension}`, type, body };
}

export const ASSETS = {
  style: asset(
    'kyoka',
    'css',
    'text/css; charset=utf-8',
    [TOKENS, BASE, FRAME, PARTS, FORMS, CHARTS].join('\n'),
  ),
  live: asset('live', 'js', 'text/javascript; charset=utf-8', LIVE_SCRIPT),
  icon: asset('icon', 'svg', 'image/svg+xml', ICON),
} as const;

const BY_PATH: ReadonlyMap<string, Asset> = new Map(
  Object.values(ASSETS).map((one) => [one.path, one]),
);

/** The asset of a path, without a query. */
export const findAsset = (path: string): Asset | undefined => BY_PATH.get(path);
