import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Decrypter } from 'age-encryption';
import { makeIdentity, recipientsPath } from '../../exchange/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { callOperator, findGateway, type GatewayDoors } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';

const OPTIONS = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  identity: { type: 'string' },
  out: { type: 'string' },
  reason: { type: 'string' },
  'subject-file': { type: 'string' },
} as const;

type Values = Readonly<Record<string, unknown>>;
type Body = {
  readonly index: number;
  readonly exchange: string;
  readonly kind: 'request' | 'response';
  readonly keptAt: string;
  readonly expiresAt: string;
  readonly size: number;
  readonly erasedAt: string | null;
  readonly erasedWhy: string | null;
};

/** `./wasl gateway archive …`: bodies that agreements keep. */
export async function gatewayArchiveCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('gateway', args, OPTIONS);
  const [act = '', ...words] = positionals;
  const { data } = configFrom({ data: values['data'] });
  if (act === 'key') await makeKey(data, values);
  else if (act === 'list') await list(await findGateway(data), words, values);
  else if (act === 'get') await get(await findGateway(data), words, values);
  else if (act === 'erase') await erase(await findGateway(data), words, values);
  else throw new CommandRefusal('./wasl gateway archive knows key, list, get, erase; see ./wasl help gateway', 2);
  return 0;
}

/** The secret half goes where the operator says, and is not in the data folder; the gateway needs the public one only. */
async function makeKey(data: string, values: Values): Promise<void> {
  const out = need(values, 'out');
  for (const path of [out, recipientsPath(data)])
    if (existsSync(path)) throw new CommandRefusal(`${path} is there already; a key is never written over another`);
  const [recipient] = await makeIdentity(data, out);
  print(`public key  ${recipient}`);
  print(`secret key  ${out}: give it to whoever may read the archive, and keep it away from this machine`);
}

async function list(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const [exchange] = words;
  const query = exchange === undefined ? '' : `?exchange=${encodeURIComponent(exchange)}`;
  const { bodies } = await callOperator<{ bodies: readonly Body[] }>(gateway, 'GET', `/archive${query}`);
  if (values['json'] === true) return print(JSON.stringify({ bodies }));
  if (bodies.length === 0) return print('no archived bodies; an agreement says which are kept');
  for (const one of bodies) {
    const state =
      one.erasedAt === null
        ? `until ${one.expiresAt.slice(0, 10)}`
        : `erased ${one.erasedAt.slice(0, 10)} (${one.erasedWhy})`;
    print(`${one.exchange}  ${one.kind.padEnd(8)}  ${String(one.size).padStart(12)} bytes  ${state}`);
  }
}

/** Decrypts here, with a key that the gateway does not have, and gives out nothing but what was signed. */
async function get(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const [exchange, kind] = words;
  if (exchange === undefined || (kind !== 'request' && kind !== 'response'))
    throw new CommandRefusal('./wasl gateway archive get EXCHANGE request|response --identity FILE --out FILE', 2);
  const out = need(values, 'out');
  if (existsSync(out)) throw new CommandRefusal(`${out} is there already`);
  const decrypter = await openDecrypter(need(values, 'identity'));
  const query = `?exchange=${encodeURIComponent(exchange)}`;
  const { bodies } = await callOperator<{ bodies: readonly Body[] }>(gateway, 'GET', `/archive${query}`);
  const body = bodies.find((one) => one.kind === kind);
  if (body === undefined) throw new CommandRefusal(`the ${kind} of ${exchange} is not in the archive`);
  const answer = await fetch(`${gateway.url}/operator/v1/archive/${body.index}/body`, {
    headers: { authorization: `Bearer ${gateway.operatorToken}` },
  });
  if (!answer.ok || answer.body === null) {
    const told = (await answer.json().catch(() => ({}))) as { detail?: string };
    throw new CommandRefusal(told.detail ?? `the gateway answered ${answer.status}`);
  }
  const signed = answer.headers.get('wasl-content-digest');
  const opened = await decrypter.decrypt(answer.body as globalThis.ReadableStream<Uint8Array>).catch(() => {
    throw new CommandRefusal('the body is not sealed for this identity, or its first bytes were changed');
  });
  const digest = await writeOut(opened, out);
  if (digest !== signed) {
    await rm(`${out}.part`, { force: true });
    throw new CommandRefusal(`the body is not the one that was signed: ${digest}, not ${signed}; nothing was written`);
  }
  await rename(`${out}.part`, out);
  print(`written    ${out}: ${body.size} bytes, the body that was signed (${digest})`);
}

async function writeOut(opened: globalThis.ReadableStream<Uint8Array>, out: string): Promise<string> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const draft = createWriteStream(`${out}.part`, { mode: 0o600, flush: true });
  try {
    await pipeline(Readable.fromWeb(opened as unknown as ReadableStream), hashing, draft);
  } catch {
    await rm(`${out}.part`, { force: true });
    throw new CommandRefusal('the archived body was changed or cut; nothing was written');
  }
  return `sha-256=:${hash.digest('base64')}:`;
}

async function openDecrypter(file: string): Promise<Decrypter> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandRefusal(`--identity: ${file} cannot be read`, 2);
  });
  const identities = text.split(/\r?\n/).filter((line) => /^AGE-SECRET-KEY-/.test(line.trim()));
  const decrypter = new Decrypter();
  try {
    if (identities.length === 0) throw new Error('none');
    for (const identity of identities) decrypter.addIdentity(identity.trim());
  } catch {
    throw new CommandRefusal(`--identity: ${file} holds no age identity (AGE-SECRET-KEY-1…)`, 2);
  }
  return decrypter;
}

async function erase(gateway: GatewayDoors, words: readonly string[], values: Values): Promise<void> {
  const reason = need(values, 'reason');
  const [exchange] = words;
  const from = values['subject-file'];
  if ((exchange === undefined) === (from === undefined))
    throw new CommandRefusal('name an exchange, or a person by --subject-file FILE (- for standard input)', 2);
  const { erased } =
    exchange === undefined
      ? await callOperator<{ erased: number }>(gateway, 'POST', '/archive/erase-subject', {
          subject: await readSubject(String(from)),
          reason,
        })
      : await callOperator<{ erased: number }>(gateway, 'POST', '/archive/erase', { exchange, reason });
  print(`erased     ${erased} ${erased === 1 ? 'body' : 'bodies'}; the proof of each exchange stays`);
}

/** Never an argument: every user of the machine can read those. */
async function readSubject(from: string): Promise<string> {
  const text = await (from === '-' ? readAll(process.stdin) : readFile(from, 'utf8')).catch(() => {
    throw new CommandRefusal(`--subject-file: ${from} cannot be read`, 2);
  });
  return text.trim();
}

function need(values: Values, name: string): string {
  const value = values[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new CommandRefusal(`--${name} is needed; see ./wasl help gateway`, 2);
}
