import { type OpenedCheckpoint, openCheckpoint } from '../../src/ledger/checkpoint.ts';

/** The newest checkpoint of a log that is served over HTTP, opened with the key it must be signed with. */
export async function openLogFromUrl(log: { readonly url: string; readonly vkey: string }): Promise<OpenedCheckpoint> {
  const answer = await fetch(`${log.url}/checkpoint`);
  const opened = openCheckpoint(await answer.text(), log.vkey);
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}
