import { isLanguage, type Language, type LocalText } from '../../kernel/index.ts';
import { lastOf } from '../message/headers.ts';
import type { ListedMember } from '../trust/list-parts.ts';
import type { TrustList } from '../trust/model.ts';
import type { GatewayContext } from './model.ts';
import { trustView } from './trust-view.ts';
import type { HttpAnswer, Incoming } from './wire.ts';

/**
 * `GET /listClients`: every member and subsystem of the instance (PR-MREST 4.1), without a client header. X-Road has one
 * name for each; which of Wasl's three it is, Accept-Language says (RFC 9110 section 12.5.4), and French unless told.
 */
export function listClients(context: GatewayContext, incoming: Incoming): HttpAnswer {
  const accept = lastOf(incoming.headers, 'accept') ?? '';
  const { list } = trustView(context.trust, context.clock());
  const language = languageOf(lastOf(incoming.headers, 'accept-language') ?? '');
  const named = (name: LocalText) => name[language] ?? name.fr;
  const asked = new URLSearchParams(incoming.target.split('?')[1] ?? '').get('xRoadInstance');
  const clients = membersOf(list, asked ?? context.instance).flatMap((one) => {
    const [instance = '', memberClass = '', memberCode = ''] = one.id.split('/');
    const base = { xroad_instance: instance, member_class: memberClass, member_code: memberCode };
    const name = named(one.name);
    const member = { id: { object_type: 'MEMBER', ...base }, name };
    const subsystems = one.subsystems.map((subsystem) => ({
      id: { object_type: 'SUBSYSTEM', ...base, subsystem_code: subsystem.code },
      name,
      subsystem_name: named(subsystem.name),
    }));
    return [member, ...subsystems];
  });
  if (accept.includes('application/json')) {
    return json({ member: clients });
  }
  return { status: 200, headers: [['content-type', 'text/xml']], body: Buffer.from(clientListXml(clients)) };
}

/** The first language of the header that names are kept in; weights are left out of account. */
function languageOf(accepted: string): Language {
  const wanted = accepted.split(',').map((one) => one.trim().slice(0, 2).toLowerCase());
  return wanted.find(isLanguage) ?? 'fr';
}

/** Of this instance as its registry lists them; of another one, what its filter let in. */
function membersOf(list: TrustList, instance: string): readonly ListedMember[] {
  if (instance === list.instance) return list.members;
  const foreign = list.federated.find((one) => one.instance === instance);
  const members = new Map<string, ListedMember>();
  for (const { statement } of foreign?.gateways ?? []) {
    const { id, name } = statement.member;
    const passed = statement.subsystems.filter(({ code }) => foreign?.subsystems.includes(`${id}/${code}`));
    if (passed.length === 0) continue;
    members.set(id, { id, name, subsystems: [...(members.get(id)?.subsystems ?? []), ...passed] });
  }
  return [...members.values()];
}

/**
 * Only /r1/ is REST to X-Road; what else looks like a version of it falls to its SOAP side, which takes POST alone. SOAP is
 * not served here: the answer is X-Road's fault, in its form, and says where to call.
 */
export function refuseOtherProtocol(method: string): HttpAnswer {
  const [code, text] =
    method === 'POST'
      ? ['Client.InvalidContentType', 'SOAP is not served by this gateway; call /r1/ with REST']
      : ['Client.InvalidHttpMethod', `Must use POST request method instead of ${xmlText(method)}`];
  const body = `<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
  return { status: 500, headers: [['content-type', 'text/xml;charset=utf-8']], body: Buffer.from(body) };
}

const xmlText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

type Client = { readonly id: Record<string, string>; readonly name: string; readonly subsystem_name?: string };

function clientListXml(clients: readonly Client[]): string {
  const tags: Readonly<Record<string, string>> = {
    xroad_instance: 'xRoadInstance',
    member_class: 'memberClass',
    member_code: 'memberCode',
    subsystem_code: 'subsystemCode',
  };
  const members = clients.map((client) => {
    const parts = Object.entries(tags).flatMap(([name, tag]) => {
      const value = client.id[name];
      return value === undefined ? [] : [`<id:${tag}>${xmlText(value)}</id:${tag}>`];
    });
    const id = `<xroad:id id:objectType="${client.id['object_type']}">${parts.join('')}</xroad:id>`;
    const { subsystem_name: own } = client;
    // PR-META annex A, version 2.15: a sequence of id, name and, of a subsystem, its own name.
    const last = own === undefined ? '' : `<xroad:subsystemName>${xmlText(own)}</xroad:subsystemName>`;
    return `<xroad:member>${id}<xroad:name>${xmlText(client.name)}</xroad:name>${last}</xroad:member>`;
  });
  const spaces = 'xmlns:xroad="http://x-road.eu/xsd/xroad.xsd" xmlns:id="http://x-road.eu/xsd/identifiers"';
  return `<?xml version="1.0" encoding="UTF-8"?><xroad:clientList ${spaces}>${members.join('')}</xroad:clientList>`;
}

function json(value: object): HttpAnswer {
  const headers = [['content-type', 'application/json;charset=utf-8']] as const;
  return { status: 200, headers, body: Buffer.from(JSON.stringify(value)) };
}
