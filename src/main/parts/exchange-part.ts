import { join } from 'node:path';
import type { Agreement } from '../../exchange/index.ts';
import { issueToken } from '../../exchange/index.ts';
import type { Log } from '../../platform/index.ts';
import { DEMO_MEMBERS, type DemoMember, INSTANCE } from '../demo-data.ts';
import { type GatewayPart, LOOPBACK, startGateway } from './gateway-part.ts';
import { readLegalRegister } from './legal-register.ts';
import type { KeptLog } from './logs-kept.ts';
import type { Ports } from './ports.ts';
import { type RegistryPart, startRegistry } from './registry-part.ts';
import type { Unsigned } from './sign-by-both.ts';
import type { Storage } from './storage.ts';

export type DemoGateway = GatewayPart & { readonly member: DemoMember };

export type DemoExchange = {
  readonly registry: RegistryPart;
  readonly gateways: readonly DemoGateway[];
  readonly logs: readonly KeptLog[];
  close(): Promise<void>;
};

/** The registry and the gateways of the demonstration's members, joined the way a real member joins. */
export async function startDemoExchange(options: {
  readonly storage: Storage;
  readonly dir: string;
  readonly host: string;
  readonly ports: Ports;
  readonly log: Log;
}): Promise<DemoExchange> {
  const { storage, dir, host, ports, log } = options;
  const registry = await startRegistry({
    storage,
    dir: join(dir, 'registry'),
    instance: INSTANCE,
    host,
    port: ports.registry,
    log: log.child({ part: 'registry' }),
  });
  const legalRegister = await readLegalRegister(undefined);
  const gateways: DemoGateway[] = [];
  for (const [nth, member] of DEMO_MEMBERS.entries()) {
    const part = await startGateway({
      storage,
      name: member.key,
      dir: join(dir, `gateway-${member.key}`),
      registryUrl: registry.url,
      token: () => issueToken(registry.registry, member.admission, new Date()),
      host,
      port: ports.gateways[nth] ?? 0,
      peerPort: ports.peers[nth] ?? 0,
      allowedNetworks: LOOPBACK,
      // In force at once: they are signed while the demonstration serves already (`wasl.ts`).
      requireSignatures: false,
      legalRegister,
      log: log.child({ part: `gateway-${member.key}` }),
    });
    gateways.push({ ...part, member });
  }
  await Promise.all(gateways.map((gateway) => gateway.refreshTrust()));
  const logs = gateways.map(({ member, gateway }) => ({ ...gateway.ledger, schema: `gateway_${member.key}` }));
  return {
    registry,
    gateways,
    logs,
    close: async () => {
      await Promise.all(gateways.map((gateway) => gateway.close()));
      await registry.close();
    },
  };
}

/** Puts a member's agreements on its gateway, and a sample authority's service; what is there already stays as it is. */
export async function publishDemoService(
  part: DemoGateway,
  authorityUrl: string | undefined,
  agreements: readonly Agreement[],
): Promise<readonly Unsigned[]> {
  const { service } = part.member;
  if (service !== undefined && authorityUrl !== undefined) {
    const url = `${authorityUrl}${service.path}`;
    await part.gateway.rights.addService({ service: service.id, url, timeoutMs: 10_000, enabled: true, notice: '' });
  }
  for (const agreement of agreements) await part.gateway.rights.addAgreement(agreement);
  return agreements.map(({ id, version }) => ({ provider: part, id, version }));
}
