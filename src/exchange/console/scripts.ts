import { join } from 'node:path';
import type { Asset } from '../../platform/index.ts';
import { type Html, html } from '../../web/index.ts';
import { scriptAsset } from '../operators/assets.ts';

const live = scriptAsset('live', join(import.meta.dirname, 'client', 'live.js'));

export const CONSOLE_SCRIPTS: readonly Asset[] = [live];

/** For the head of the page of messages; what it adds, "refresh" does without it. */
export const liveScript: Html = html`<script src="${live.path}" defer></script>`;
