import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { trustView } from '../src/exchange/gateway/trust-view.ts';
import { createAuthorityCertificate, issueCertificate } from '../src/exchange/registry/authority.ts';
import { certificateId } from '../src/exchange/trust/certificate.ts';
import { anchorKeyOf, signJws } from '../src/exchange/trust/jws.ts';
import type { GatewayStatement, TrustAnchor, TrustList, TrustListPayload } from '../src/exchange/trust/model.ts';
import { trustListSteps } from '../src/exchange/trust/rules.ts';
import { inSlices } from '../src/exchange/trust/steps.ts';
import { unwrap } from '../src/kernel/index.ts';
import { logSigner } from '../src/ledger/index.ts';

/**
 * A trust list of many gateways, with real keys and certificates of one authority: its size, and what a gateway pays for
 * the first one, for one that has ten changes, and for the view that messages are judged by. What counts is how long no
 * message goes on meanwhile, so beside each time stands the longest pause of the event loop.
 */
const { values } = parseArgs({ options: { gateways: { type: 'string', default: '10000' } } });
const COUNT = Number(values.gateways);
if (!(COUNT > 10)) throw new Error('node --expose-gc bench/trust-list.ts [--gateways 10000]');
const CHANGES = 10;
const NOW = new Date();
const DAY_MS = 86_400_000;
const PERIOD = { from: new Date(NOW.getTime() - DAY_MS), until: new Date(NOW.getTime() + 365 * DAY_MS) };
const INSTANCE = 'BENCH';

type Signer = { readonly kid: string; readonly key: KeyObject };

const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const [ca, registry] = [p256(), p256()];
const authority = {
  certificate: await createAuthorityCertificate(ca, 'Bench authority', PERIOD, randomBytes(16)),
  key: ca.privateKey,
  name: 'Bench authority',
};
const jwk = anchorKeyOf(registry.publicKey);
const anchor: TrustAnchor = { v: 1, instance: INSTANCE, keys: [jwk] };
const signer: Signer = { kid: jwk.kid, key: registry.privateKey };

const statements: string[] = [];
const started = performance.now();
for (let n = 0; n < COUNT + CHANGES; n += 1) {
  statements.push(await aStatement(n));
  if ((n + 1) % 1000 === 0) say(`made ${n + 1} gateways in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
const [first, second] = [aList(1, statements.slice(0, COUNT)), aList(2, statements.slice(CHANGES))];

say(`${COUNT} gateways`);
say(`size: ${megabytes(first.length)} MB, gzip ${await compressed(first)} MB, brotli ${await brotli(first)} MB`);
globalThis.gc?.();
const before = process.memoryUsage();
const held = await timed('a first list', () => inSlices(trustListSteps(first, anchor, NOW)));
const list = unwrap(held);
await timed('its view', () => viewOf(list));
globalThis.gc?.();
const after = process.memoryUsage();
say(`memory held: ${megabytes(after.heapUsed + after.external - before.heapUsed - before.external)} MB`);
say(`resident: ${megabytes(after.rss)} MB`);
const next = unwrap(
  await timed(`a list with ${CHANGES} changes`, () =>
    inSlices(trustListSteps(second, anchor, NOW, { version: 1, jws: first, list })),
  ),
);
await timed('its view', () => viewOf(next));
const again = Buffer.from(second).toString();
await timed('the same list again', () => again === second);

function viewOf(of: TrustList): unknown {
  return trustView({ current: () => ({ ok: true, value: of }) }, NOW);
}

async function aStatement(n: number): Promise<string> {
  const member = `${INSTANCE}/GOV/M${n}`;
  const server = `${member}/gw1`;
  const log = logSigner(server, generateKeyPairSync('ed25519').privateKey);
  const issue = async (use: 'tls' | 'sign') => {
    const wanted = { publicKey: p256().publicKey, server, use, host: `gw${n}.example.org` };
    return (await issueCertificate(authority, wanted, PERIOD, randomBytes(16))).toString('base64');
  };
  const statement: GatewayStatement = {
    v: 1,
    instance: INSTANCE,
    server,
    member: { id: member, name: { ar: `الإدارة رقم ${n}`, fr: `Administration n° ${n}` } },
    subsystems: [
      { code: 'portal', name: { ar: 'البوابة الإلكترونية', fr: 'Portail' } },
      { code: 'records', name: { ar: 'السجلات', fr: 'Registres' } },
    ],
    address: `https://gw${n}.example.org:5500`,
    tlsCertificate: await issue('tls'),
    signCertificate: await issue('sign'),
    ledger: { name: log.origin, vkey: log.vkey },
    issuedAt: NOW.toISOString(),
    expiresAt: new Date(NOW.getTime() + 300 * DAY_MS).toISOString(),
  };
  return signJws(signer, 'wasl-gateway', statement, { ca: certificateId(authority.certificate) });
}

function aList(version: number, gateways: readonly string[]): string {
  const payload: TrustListPayload = {
    v: 1,
    instance: INSTANCE,
    version,
    issuedAt: NOW.toISOString(),
    expiresAt: new Date(NOW.getTime() + DAY_MS).toISOString(),
    caCertificates: [authority.certificate.toString('base64')],
    gateways,
    members: gateways.map((jws) => {
      const { member, subsystems } = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString());
      return { ...member, subsystems };
    }),
    groups: [],
    witnesses: [],
    timestampAuthorities: [],
    revocations: Array.from({ length: COUNT / 10 }, (_, n) => ({
      certificate: createHash('sha256').update(`${n}`).digest('base64url'),
      at: NOW.toISOString(),
      reason: 'superseded',
    })),
    federated: [],
  };
  return signJws(signer, 'wasl-trust-list', payload);
}

/** How long it takes, and the longest time in which nothing else could. */
async function timed<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.enable();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const from = performance.now();
  const result = await run();
  const ms = performance.now() - from;
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  say(`${what}: ${ms.toFixed(0)} ms, longest pause ${(delay.max / 1e6).toFixed(0)} ms`);
  return result;
}

async function compressed(text: string): Promise<string> {
  return megabytes((await promisify(gzip)(text)).length);
}

async function brotli(text: string): Promise<string> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  return megabytes((await promisify(brotliCompress)(text, { params })).length);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
