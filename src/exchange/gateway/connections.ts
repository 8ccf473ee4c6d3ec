import type { Server } from 'node:net';
import type { DoorLimits } from './admission.ts';

/** Why a connection is closed before anything of it is read. */
export type Turned = 'door-full' | 'address-full' | 'too-fast';

export type Turnstile = {
  /** Undefined where the connection is taken; then `leave` is called with the same address when it has ended. */
  enter(address: string, now: number): Turned | undefined;
  leave(address: string): void;
};

type Held = { open: number; tokens: number; at: number };

/** Addresses that are remembered at most: who has many must not fill the memory. */
const MOST_ADDRESSES = 10_000;

/**
 * Connections of one door, whether anything is asked over them or not. `perSecond` is of those that cost a handshake: a
 * bucket that holds a second's worth; 0 is without end.
 */
export function openTurnstile(
  { connections, connectionsPerAddress }: Pick<DoorLimits, 'connections' | 'connectionsPerAddress'>,
  perSecond: number,
): Turnstile {
  const addresses = new Map<string, Held>();
  let open = 0;

  function heldOf(key: string, now: number): Held {
    const known = addresses.get(key);
    if (known !== undefined) return known;
    if (addresses.size >= MOST_ADDRESSES)
      for (const [one, { open }] of addresses) if (open === 0) addresses.delete(one);
    const held = { open: 0, tokens: perSecond, at: now };
    addresses.set(key, held);
    return held;
  }

  return {
    enter(address, now) {
      if (open >= connections) return 'door-full';
      const held = heldOf(networkOf(address), now);
      if (held.open >= connectionsPerAddress) return 'address-full';
      if (perSecond > 0) {
        // A clock that was set back must not close the door until it has caught up.
        const passedMs = Math.max(0, now - held.at);
        held.tokens = Math.min(perSecond, held.tokens + (passedMs * perSecond) / 1_000);
        held.at = now;
        if (held.tokens < 1) return 'too-fast';
        held.tokens -= 1;
      }
      open += 1;
      held.open += 1;
      return undefined;
    },
    leave(address) {
      const held = addresses.get(networkOf(address));
      if (held === undefined) return;
      open -= 1;
      held.open -= 1;
    },
  };
}

/** An IPv4 address as it is; of IPv6 the first 64 bits, since whoever has one has all of them. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').toLowerCase().split('::');
  const [first, last] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
}

/**
 * Puts a turnstile before all else that a door does with a connection: TLS is not begun on one that is not taken.
 * It is closed at once and counted; a line of the log for each would be the attacker's to write.
 */
export function guardConnections(door: Server, turnstile: Turnstile, now: () => number, turned: (why: Turned) => void) {
  const taken = door.listeners('connection') as ((...args: unknown[]) => void)[];
  door.removeAllListeners('connection');
  door.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const why = turnstile.enter(address, now());
    if (why !== undefined) {
      turned(why);
      socket.destroy();
      return;
    }
    socket.once('close', () => turnstile.leave(address));
    for (const listener of taken) listener.call(door, socket);
  });
}
