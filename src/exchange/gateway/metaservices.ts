import { lastOf } from '../message/headers.ts';
import type { GatewayContext } from './model.ts';
import { trustView } from './trust-view.ts';
import type { HttpAnswer, Incoming } from './wire.ts';

/** `GET /listClients`: every member and subsystem of the instance (PR-MREST 4.1), without a client header. */
export function listClients(context: GatewayContext, incoming: Incoming): HttpAnswer {
  const accept = lastOf(incoming.headers, 'accept') ?? '';
  const { list } = trustView(context.trust, context.clock());
  const asked = new URLSearchParams(incoming.target.split('?')[1] ?? '').get('xRoadInstance');
  const gateways = asked === null || asked === context.instance ? list.gateways : [];
  const clients = gateways.flatMap(({ statement }) => {
    const [instance = '', memberClass = '', memberCode = ''] = statement.member.id.split('/');
    const base = { xroad_instance: instance, member_class: memberClass, member_code: memberCode };
    const name = statement.member.name.fr;
    const member = { id: { object_type: 'MEMBER', ...base }, name };
    const subsystems = statement.subsystems.map((subsystem) => ({
      id: { object_type: 'SUBSYSTEM', ...base, subsystem_code: subsystem.code },
      name,
      subsystem_name: subsystem.name.fr,
    }));
    return [member, ...subsystems];
  });
  if (accept.includes('application/json')) {
    return json({ member: clients });
  }
  return { status: 200, headers: [['content-type', 'text/xml']], body: Buffer.from(clientListXml(clients)) };
}

type Client = { readonly id: Record<string, string>; readonly name: string; readonly subsystem_name?: string };

function clientListXml(clients: readonly Client[]): string {
  const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const tags: Readonly<Record<string, string>> = {
    xroad_instance: 'xRoadInstance',
    member_class: 'memberClass',
    member_code: 'memberCode',
    subsystem_code: 'subsystemCode',
  };
  const members = clients.map((client) => {
    const parts = Object.entries(tags).flatMap(([name, tag]) => {
      const value = client.id[name];
      return value === undefined ? [] : [`<id:${tag}>${xml(value)}</id:${tag}>`];
    });
    const id = `<xroad:id id:objectType="${client.id['object_type']}">${parts.join('')}</xroad:id>`;
    return `<xroad:member>${id}<xroad:name>${xml(client.name)}</xroad:name></xroad:member>`;
  });
  const spaces = 'xmlns:xroad="http://x-road.eu/xsd/xroad.xsd" xmlns:id="http://x-road.eu/xsd/identifiers"';
  return `<?xml version="1.0" encoding="UTF-8"?><xroad:clientList ${spaces}>${members.join('')}</xroad:clientList>`;
}

function json(value: object): HttpAnswer {
  const headers = [['content-type', 'application/json;charset=utf-8']] as const;
  return { status: 200, headers, body: Buffer.from(JSON.stringify(value)) };
}
