import { join } from 'node:path';
import type { Asset } from '../../platform/index.ts';
import { type Html, html } from '../../web/index.ts';
import { PASSKEY_ASSETS, scriptAsset } from '../operators/assets.ts';

const live = scriptAsset('live', join(import.meta.dirname, 'client', 'live.js'));

export const CONSOLE_SCRIPTS: readonly Asset[] = [...PASSKEY_ASSETS, live];

/** For the head of the page of messages; what it adds, "refresh" does without it. */
export const liveScript: Html = html`<script src="${live.path}" defer></script>`;
