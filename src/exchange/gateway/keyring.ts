import { X509Certificate } from 'node:crypto';
import type { SigningKey } from '../message/signature.ts';
import type { GatewayKeys } from '../trust/model.ts';
import { certificateKeyid } from './trust-view.ts';

/**
 * The keys that a gateway shows and signs with. It takes others while it runs: what is under way ends with those that it
 * began with, which the trust list names as the former ones.
 */
export type Keyring = {
  keys(): GatewayKeys;
  signing(): SigningKey;
  take(next: GatewayKeys): void;
};

export function openKeyring(first: GatewayKeys): Keyring {
  let held = holding(first);
  return {
    keys: () => held.keys,
    signing: () => held.signing,
    take(next) {
      held = holding(next);
    },
  };
}

type Held = { readonly keys: GatewayKeys; readonly signing: SigningKey };

function holding(keys: GatewayKeys): Held {
  const keyid = certificateKeyid(new X509Certificate(keys.signCertPem).raw);
  return { keys, signing: { key: keys.signKey, keyid } };
}
