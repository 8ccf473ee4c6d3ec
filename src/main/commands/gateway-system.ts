import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configFrom, readOptions } from '../options.ts';
import { callApi, callOperator, findGateway, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';

const OPTIONS = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  connection: { type: 'string' },
  'used-by': { type: 'string' },
} as const;

type Values = Readonly<Record<string, string | boolean | undefined>>;
type Act = (gateway: GatewayDoors, words: readonly string[], values: Values) => Promise<void>;
type CertificateView = {
  readonly usedBy: string;
  readonly thumbprint: string;
  readonly subject: string;
  readonly expiresAt: string;
};
type SystemView = {
  readonly subsystem: string;
  readonly connection: string;
  readonly certificates: readonly CertificateView[];
};

const ACTS: Readonly<Record<string, Act>> = {
  list: listSystems,
  set: setConnection,
  trust: addCertificate,
  forget: removeCertificate,
  certificate: showCertificate,
};

/** `./wasl gateway system …`: how the member's own programs and services connect to the gateway, and it to them. */
export async function gatewaySystemCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('gateway', args, OPTIONS);
  const [name = '', ...words] = positionals;
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (act === undefined)
    throw new CommandRefusal(`./wasl gateway system knows ${Object.keys(ACTS).join(', ')}; see ./wasl help gateway`, 2);
  await act(await findGateway(configFrom({ data: values['data'] }).data), words, values);
  return 0;
}

async function listSystems(gateway: GatewayDoors, _words: readonly string[], values: Values): Promise<void> {
  const told = await callOperator<{ systems: readonly SystemView[] }>(gateway, 'GET', '/systems');
  if (values['json'] === true) return print(JSON.stringify(told));
  for (const { subsystem, connection, certificates } of told.systems) {
    print(`${connection.padEnd(10)}  ${subsystem}`);
    for (const { usedBy, thumbprint, subject, expiresAt } of certificates)
      print(`  ${usedBy.padEnd(7)} ${thumbprint}  ${subject.replaceAll('\n', ', ')}  until ${expiresAt.slice(0, 10)}`);
  }
}

async function setConnection(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const [subsystem] = need(words, 1, 'SUBSYSTEM --connection http|https|mutual-tls');
  const path = `/systems/${encodeURIComponent(subsystem)}/connection`;
  const set = await callOperator<SystemView>(gateway, 'PUT', path, { connection: values['connection'] ?? '' });
  print(values['json'] === true ? JSON.stringify(set) : `${set.subsystem} connects by ${set.connection}`);
}

async function addCertificate(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const [subsystem, file] = need(words, 2, 'SUBSYSTEM CERTIFICATE_FILE --used-by client|service');
  const bytes = await readFile(resolve(file)).catch(() => {
    throw new CommandRefusal(`${file} cannot be read`, 2);
  });
  // A file of DER begins with the tag of a sequence; everything else is text.
  const certificate = bytes[0] === 0x30 ? bytes.toString('base64') : bytes.toString('utf8');
  const path = `/systems/${encodeURIComponent(subsystem)}/certificates`;
  const body = { usedBy: values['used-by'] ?? 'client', certificate };
  const added = await callOperator<CertificateView>(gateway, 'POST', path, body);
  if (values['json'] === true) return print(JSON.stringify(added));
  print(`${added.thumbprint} is registered for ${subsystem}, shown by its ${added.usedBy}s`);
}

async function removeCertificate(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const [subsystem, thumbprint] = need(words, 2, 'SUBSYSTEM FINGERPRINT [--used-by client|service]');
  const usedBy = values['used-by'] ?? 'client';
  const path = `/systems/${encodeURIComponent(subsystem)}/certificates/${usedBy}/${encodeURIComponent(thumbprint)}`;
  await callOperator(gateway, 'DELETE', path);
  print(values['json'] === true ? JSON.stringify({ thumbprint }) : `${thumbprint} is forgotten`);
}

/** PEM, for the trust store of the member's systems. */
async function showCertificate(gateway: GatewayDoors): Promise<void> {
  const { pem } = await callApi<{ pem: string }>(gateway, 'GET', '/operator/v1/internal-certificate');
  print(pem.trimEnd());
}

function need<N extends 1 | 2>(
  words: readonly string[],
  count: N,
  usage: string,
): N extends 1 ? [string] : [string, string] {
  if (words.length !== count) throw new CommandRefusal(`./wasl gateway system … ${usage}`, 2);
  return words.slice() as N extends 1 ? [string] : [string, string];
}
