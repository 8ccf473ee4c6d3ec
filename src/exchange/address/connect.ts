import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { literalAddress, type Networks } from './networks.ts';

/** The address that a host leads to is of a network that the operator has not allowed. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'WASL_ADDRESS_REFUSED';

  constructor(host: string, address: string) {
    super(`${host} leads to ${address}, which is of no public and no allowed network`);
  }
}

/**
 * How undici connects where the address is on somebody's word. The address that was judged is the one that is
 * connected to: a name that resolves otherwise a moment later (DNS rebinding) gains nothing.
 */
export function guardedConnect(
  networks: () => Networks,
  options: buildConnector.BuildOptions = {},
): buildConnector.connector {
  const connect = buildConnector({ timeout: 10_000, ...options, lookup: judgedLookup(networks) });
  return (target, callback) => {
    const address = literalAddress(target.hostname);
    if (address !== undefined && !networks().allows(address)) {
      callback(new AddressRefused(target.hostname, address), null);
      return;
    }
    connect(target, callback);
  };
}

/** Gives only addresses that may be connected to; an error where there is none. */
function judgedLookup(networks: () => Networks): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (fault, addresses) => {
      if (fault !== null) return callback(fault, '', 0);
      const allowed = addresses.filter(({ address }) => networks().allows(address));
      const [first] = allowed;
      if (first === undefined) return callback(new AddressRefused(host, addresses[0]?.address ?? 'nothing'), '', 0);
      if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
