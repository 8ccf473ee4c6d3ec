import Type from 'typebox';
import { ok, parseJson, type Result } from '../../kernel/index.ts';
import { openCheckpoint, parseVkey } from '../../ledger/index.ts';
import { codeSchema, type ShapeRefusal, shapeParser, shapeRefusal, vkeySchema } from '../trust/model.ts';
import type { EvidenceFile } from './model.ts';
import type { KnownParties, Parties, Party } from './parties.ts';
import { type EvidenceRefusal, type EvidenceReport, refuseStep } from './report.ts';

/**
 * Whose cosignatures count for whoever verifies, and how many each ledger's checkpoint needs. It is the verifier's
 * own, never the file's: a file that named its witnesses itself would prove nothing by them (ADR 0009).
 */
export type WitnessPolicy = {
  readonly v: 1;
  readonly instance: string;
  readonly required: number;
  /** Verifier keys of C2SP tlog-cosignature, `NAME+KEYID+BASE64`. */
  readonly witnesses: readonly string[];
};

const checkPolicy = shapeParser(
  Type.Object(
    {
      v: Type.Literal(1),
      instance: codeSchema,
      required: Type.Integer({ minimum: 0, maximum: 32 }),
      witnesses: Type.Array(vkeySchema, { maxItems: 32 }),
    },
    { additionalProperties: false },
  ),
);

/** The policy file, UTF-8 JSON. One key under two names would count twice, so it is refused. */
export function parseWitnessPolicy(text: string): Result<WitnessPolicy, ShapeRefusal> {
  const json = parseJson(text, { maxChars: 20_000, maxDepth: 3 });
  if (!json.ok) return shapeRefusal(json.error.detail);
  const shape = checkPolicy(json.value);
  if (!shape.ok) return shape;
  const { required, witnesses } = shape.value;
  const keys = new Set<string>();
  for (const [at, text] of witnesses.entries()) {
    const key = parseVkey(text);
    if (!key.ok) return shapeRefusal(`/witnesses/${at} ${key.error.detail}`);
    if (key.value.kind !== 'cosignature') return shapeRefusal(`/witnesses/${at} is the key of a log, not of a witness`);
    keys.add(key.value.publicKey.export({ format: 'jwk' }).x ?? '');
  }
  if (keys.size !== witnesses.length) return shapeRefusal('/witnesses has one key twice');
  if (required > witnesses.length) return shapeRefusal(`/required is ${required}, of ${witnesses.length} witnesses`);
  return ok(shape.value);
}

const MOST_WITNESSES = 32;

type Listed = readonly { readonly vkey: string }[];

/**
 * The policy that a registry proposes for its instance: the witnesses that it lists, and as many as its operators have
 * set, else more than half of them but for one, since a gateway's witness does not count for its own log. Whoever
 * verifies may take it, or change it.
 */
export function proposedPolicy(instance: string, listed: Listed, set?: number): WitnessPolicy {
  const witnesses = witnessesOf(listed);
  const required = set ?? (witnesses.length === 0 ? 0 : Math.floor((witnesses.length - 1) / 2) + 1);
  return { v: 1, instance, required, witnesses };
}

/** How many of them can count for the ledger of each of these gateways. */
export function mostRequired(listed: Listed, servers: readonly string[]): number {
  const witnesses = witnessesOf(listed);
  const own = new Set(servers.map((server) => `${server}/witness`));
  const isOwned = witnesses.some((vkey) => own.has(nameOf(vkey)));
  return isOwned ? witnesses.length - 1 : witnesses.length;
}

function witnessesOf(listed: Listed): readonly string[] {
  const byKey = new Map(listed.map(({ vkey }) => [vkey.split('+').at(-1), vkey]));
  return [...byKey.values()].sort().slice(0, MOST_WITNESSES);
}

const nameOf = (vkey: string): string => vkey.split('+', 1)[0] ?? '';

/** One policy, or one for each instance that a file may be of. None: no cosignature is looked at. */
export type Policies = WitnessPolicy | readonly WitnessPolicy[];

/** Each side's checkpoint must bear cosignatures of so many different witnesses. Without a policy none is required. */
export function checkWitnesses(
  file: EvidenceFile,
  parties: Parties,
  policies: Policies | undefined,
): Result<EvidenceReport['witnesses'], EvidenceRefusal> {
  const counted = countWitnesses(file, parties, policies);
  if (!counted.ok) return counted;
  const { consumer = 0, provider = 0, ...rest } = counted.value;
  return ok({ ...rest, consumer, provider });
}

export type CountedWitnesses = {
  readonly required: number;
  readonly known: number;
  readonly consumer?: number;
  readonly provider?: number;
  /** What is required of the half that is not of the file's instance, where there is one. */
  readonly abroad?: { readonly instance: string; readonly required: number; readonly known: number };
};

type Side = { readonly checkpoint?: string | undefined };
type Noted = { readonly instance: string; readonly consumer: Side; readonly provider?: Side | undefined };

/** Of the sides that bring a checkpoint, each by the policy of its own instance: who demands some demands them of both. */
export function countWitnesses(
  file: Noted,
  parties: KnownParties,
  policies: Policies | undefined,
): Result<CountedWitnesses, EvidenceRefusal> {
  const given = [policies ?? []].flat();
  if (given.length === 0) return ok({ required: 0, known: 0 });
  const byInstance = new Map(given.map((policy) => [policy.instance, policy]));
  if (byInstance.size !== given.length) return refuseStep('witnesses', 'two witness policies are of one instance');
  const own = byInstance.get(file.instance);
  if (own === undefined) {
    const names = [...byInstance.keys()].join(', ');
    return refuseStep('witnesses', `the witness policy is of ${names}, the file of ${file.instance}`);
  }
  const counts: { consumer?: number; provider?: number } = {};
  let abroad: Pick<CountedWitnesses, 'abroad'> = {};
  for (const name of ['consumer', 'provider'] as const) {
    const [checkpoint, party] = [file[name]?.checkpoint, parties[name]];
    if (checkpoint === undefined || party === undefined) continue;
    const { instance } = party.statement;
    const policy = byInstance.get(instance);
    if (policy === undefined)
      return refuseStep('witnesses', `/${name} is of the instance ${instance}: a witness policy of it is needed too`);
    const count = countSide(name, checkpoint, party, policy);
    if (!count.ok) return count;
    counts[name] = count.value;
    if (policy !== own) abroad = { abroad: demandOf(policy) };
  }
  return ok({ required: own.required, known: own.witnesses.length, ...counts, ...abroad });
}

const demandOf = ({ instance, required, witnesses }: WitnessPolicy) => ({
  instance,
  required,
  known: witnesses.length,
});

/** Strangers' lines are passed over; a wrong one in a known witness's name refuses the checkpoint (C2SP signed-note). */
function countSide(
  name: 'consumer' | 'provider',
  checkpoint: string,
  { statement }: Party,
  { required, witnesses }: WitnessPolicy,
): Result<number, EvidenceRefusal> {
  const { vkey, name: origin } = statement.ledger;
  // A gateway's own witness says nothing about its own log.
  const others = witnesses.filter((one) => nameOf(one) !== `${statement.server}/witness`);
  const opened = openCheckpoint(checkpoint, vkey, { witnesses: others });
  if (!opened.ok) return refuseStep('witnesses', `/${name}/checkpoint ${opened.error.detail}`);
  const cosigned = opened.value.signatures.filter((one) => one.time !== undefined);
  const count = new Set(cosigned.map((one) => `${one.name}+${one.keyId}`)).size;
  if (count >= required) return ok(count);
  const detail = `/${name}/checkpoint of ${origin} has the cosignatures of ${count} known witnesses, ${required} are required`;
  return refuseStep('witnesses', detail);
}
