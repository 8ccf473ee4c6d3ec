import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Asset } from '../../platform/index.ts';
import { type Html, html } from '../../web/index.ts';

/** A script served as it is; its name carries its content's hash. */
export function scriptAsset(name: string, file: string): Asset {
  const body = readFileSync(file);
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return {
    path: `/assets/${name}.${hash}.js`,
    contentType: 'text/javascript; charset=utf-8',
    body,
    immutable: true,
  };
}

// The package exports its modules only; the bundle for pages stands beside them.
const library = join(dirname(createRequire(import.meta.url).resolve('@simplewebauthn/browser')), '..');
const webauthn = scriptAsset('webauthn', join(library, 'dist', 'bundle', 'index.umd.min.js'));
const passkey = scriptAsset('passkey', join(import.meta.dirname, 'client', 'passkey.js'));

export const PASSKEY_ASSETS: readonly Asset[] = [webauthn, passkey];

/** For the head of the two pages that need a script; `defer` keeps their order. */
export const passkeyScripts: Html = html`<script src="${webauthn.path}" defer></script><script src="${passkey.path}" defer></script>`;
