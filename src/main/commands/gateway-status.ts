import type { Agreement, ServiceEntry } from '../../exchange/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { callOperator, findGateway } from '../parts/operator-call.ts';
import { print } from '../terminal.ts';

/** `./wasl gateway status`: who this gateway is, what it serves, and until when its certificates and list hold. */
export async function gatewayStatusCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions('gateway', args, { data: { type: 'string' }, json: { type: 'boolean' } });
  const gateway = await findGateway(configFrom({ data: values['data'] }).data);
  const { services } = await callOperator<{ services: readonly ServiceEntry[] }>(gateway, 'GET', '/services');
  const { agreements } = await callOperator<{ agreements: readonly Agreement[] }>(gateway, 'GET', '/agreements');
  const active = agreements.filter(({ status }) => status === 'active').length;
  const { operatorToken: _secret, ...told } = gateway;
  const isWell = 'version' in gateway.trustList;
  if (values['json'] === true) {
    print(JSON.stringify({ ...told, services: services.length, agreements: active }));
    return isWell ? 0 : 1;
  }
  print(`gateway       ${gateway.server}`);
  print(`subsystems    ${gateway.subsystems.join(', ')}`);
  print(`own door      ${gateway.url}`);
  print(`peers' door   ${gateway.peerUrl}`);
  print(`certificates  until ${gateway.certificateUntil.slice(0, 10)}`);
  print(
    'version' in gateway.trustList
      ? `trust list    version ${gateway.trustList.version}, until ${gateway.trustList.expiresAt}`
      : `trust list    NONE IN FORCE: ${gateway.trustList.problem}`,
  );
  if (gateway.trustRefused !== undefined) print(`newer list    REFUSED: ${gateway.trustRefused}`);
  print(`services      ${services.length}, agreements in force ${active}`);
  print(`ledger        ${gateway.url}/ledger/${gateway.ledger.name}/checkpoint`);
  return isWell ? 0 : 1;
}
