import assert from 'node:assert/strict';
import { sendRaw, type TestGateway } from './gateways.ts';

/** An offer as the operator of the client's gateway sees it. */
export type ShownOffer = {
  readonly provider: string;
  readonly agreement: string;
  readonly version: number;
  readonly state: string;
  readonly reason: string;
  readonly endsAt: string | null;
  readonly clientJws: string | null;
  readonly document: { readonly id: string };
};

/** A call of the operators' API, by the gateway's own token. */
export async function operate(one: TestGateway, path: string, method = 'GET', body?: object) {
  const answer = await fetch(`${one.gateway.url}/operator/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${one.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

export async function offersOf(one: TestGateway): Promise<readonly ShownOffer[]> {
  return (await operate(one, 'offers')).body['offers'] as ShownOffer[];
}

/** Looks until there is something, as an operator would. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail('it did not come');
}

/** Sends a signed document as the gateway `from`, by its TLS certificate. */
export function peerSend(from: TestGateway, to: TestGateway, jws: string) {
  return sendRaw(to.gateway.peerUrl, {
    method: 'POST',
    path: '/wasl/agreements/v1/documents',
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify({ jws })),
    tls: { key: from.keys.tlsKeyPem, cert: from.keys.tlsCertPem },
  });
}

/** Drafted and signed by both, each through its operators' API. */
export async function signByBoth(
  provider: TestGateway,
  client: TestGateway,
  agreement: { readonly id: string; readonly version: number },
): Promise<void> {
  const { id, version } = agreement;
  assert.equal((await operate(provider, 'agreements', 'PUT', agreement)).status, 200);
  await offer(provider, client, id, version);
  const key = { provider: provider.server, agreement: id, version };
  assert.equal((await operate(client, 'offers/sign', 'POST', key)).status, 200);
  await until(async () => ((await stateOf(provider, id, version)) === 'active' ? true : undefined));
}

/** The provider's signature, until the client's gateway has it. */
export async function offer(provider: TestGateway, client: TestGateway, id: string, version: number): Promise<void> {
  assert.equal((await operate(provider, `agreements/${id}/versions/${version}/sign`, 'POST')).status, 200);
  await until(async () => (await offersOf(client)).find((one) => one.agreement === id && one.version === version));
}

export async function stateOf(provider: TestGateway, id: string, version: number): Promise<string> {
  const { body } = await operate(provider, `agreements/${id}/versions/${version}`);
  return (body as { agreement: { status: string } }).agreement.status;
}
