import { formatLetter, type LetterKey, parseLetter } from '../../exchange/index.ts';
import { callOperator, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';

type Values = Readonly<Record<string, unknown>>;
type Letter = LetterKey & {
  readonly client: string;
  readonly tries: number;
  readonly fault: string;
  readonly receivedAt: string;
};
type Page = { readonly total: number; readonly letters: readonly Letter[] };

/** Dead letters of both sides, the newest first; `--of` names one of those whose fellows are wanted. */
export async function listLetters(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const of = typeof values['of'] === 'string' ? groupOf(values['of']) : undefined;
  const query = of === undefined ? '' : `?side=${of.side}&subscription=${encodeURIComponent(of.subscription)}`;
  const { total, letters } = await callOperator<Page>(gateway, 'GET', `/dead-letters${query}`);
  if (values['json'] === true) return print(JSON.stringify({ total, letters }));
  if (letters.length === 0) return print('no dead letters');
  for (const one of letters) {
    const by = one.side === 'subscriber' ? 'refused by our system' : 'refused by the gateway of';
    print(`${formatLetter(one)}  ${one.receivedAt}  ${one.service}  ${by} ${one.client}: ${one.fault}`);
  }
  if (total > letters.length) print(`and ${total - letters.length} more; --of LETTER shows those of one subscription`);
}

/** Its contents may name a person: that it was read is an entry of the ledger. */
export async function showLetter(gateway: GatewayDoors, words: readonly string[]): Promise<void> {
  const { side, subscription, service, sequence } = letterOf(words[0]);
  const path = `/dead-letters/${encodeURIComponent(subscription)}/${sequence}`;
  const query = side === 'publisher' ? `?service=${encodeURIComponent(service)}` : '';
  print(JSON.stringify(await callOperator(gateway, 'GET', `${path}${query}`), null, 2));
}

export async function replayLetters(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  let replayed = 0;
  for (const letters of chosen(words, values))
    replayed += (await callOperator<{ replayed: number }>(gateway, 'POST', '/dead-letters/replay', letters)).replayed;
  print(values['json'] === true ? JSON.stringify({ replayed }) : `${replayed} sent again`);
}

export async function discardLetters(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const { reason } = values;
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new CommandRefusal('--reason is needed: why these events are given up', 2);
  let discarded = 0;
  for (const letters of chosen(words, values)) {
    const given = { ...letters, reason };
    discarded += (await callOperator<{ discarded: number }>(gateway, 'POST', '/dead-letters/discard', given)).discarded;
  }
  print(values['json'] === true ? JSON.stringify({ discarded }) : `${discarded} given up`);
}

/** The letters that are named, or with `--all` all of the subscription of the one that is named. */
function chosen(words: readonly string[], values: Values): readonly object[] {
  if (words.length === 0) throw new CommandRefusal('name the letters; ./wasl gateway event letters shows them', 2);
  const named = words.map(letterOf);
  if (values['all'] !== true) return named;
  return named.map(({ sequence: _one, ...group }) => group);
}

function letterOf(word: string | undefined): LetterKey {
  const letter = parseLetter(word ?? '');
  if (letter !== undefined) return letter;
  throw new CommandRefusal('name a letter as ./wasl gateway event letters shows it: SUBSCRIPTION.NUMBER', 2);
}

/** Of a letter, or of a subscription's id alone. */
function groupOf(word: string): LetterKey {
  return parseLetter(word) ?? letterOf(`${word}.0`);
}
