import { invalid } from '../../../kernel/index.ts';
import { addressRefused } from '../../service/problems.ts';
import type { Wanted } from './subscribe.ts';
import type { Handshake, Webhooks } from './webhook.ts';

/**
 * Whether events may be sent to the address, asked of it before anything is. One that does not speak CloudEvents'
 * handshake is taken all the same: it lies in networks that the operator named. Throws a Problem (422) on /url.
 */
export async function checkWebhook(
  webhooks: Pick<Webhooks, 'askPermission'>,
  { delivery, url }: Pick<Wanted, 'delivery' | 'url'>,
): Promise<Handshake | undefined> {
  if (delivery === 'pull') {
    if (url === undefined) return undefined;
    throw refused('is for webhooks only; leave it out');
  }
  if (url === undefined) throw refused('must be there: where the events are sent');
  if (!URL.canParse(url)) throw refused('is no address');
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') throw refused('must hold no password: the gateway signs what it sends');
  const handshake = await webhooks.askPermission(url);
  const { permission } = handshake;
  if (permission === 'address-refused') {
    throw addressRefused(
      '/url',
      'leads to a network that this gateway may not call; its operator names the networks (--allow-network)',
    );
  }
  if (permission === 'unreachable') throw refused('cannot be reached; start the system behind it first');
  if (permission === 'refused') throw refused('does not want events of this gateway (WebHook-Allowed-Origin)');
  return handshake;
}

const refused = (message: string) => invalid('The subscription is not acceptable.', [{ field: '/url', message }]);
