import { decodeBase64url, ok, parseJson, type Result } from '../../kernel/index.ts';
import { type AnchorKeys, anchorFingerprint, anchorKeys } from '../trust/jws.ts';
import type { TrustAnchor } from '../trust/model.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';

/** What the verifier was given by hand: a registry's anchor, or those of several instances. */
export type Anchors = TrustAnchor | readonly TrustAnchor[];

/** Under whose keys one half of a file is judged: those of its own instance, and no others. */
export type Judge = { readonly instance: string; readonly keys: AnchorKeys };
export type Judges = { readonly consumer: Judge; readonly provider: Judge | undefined };

type Vouched = { readonly statement: string };
type Halves = { readonly instance: string; readonly consumer: Vouched; readonly provider?: Vouched | undefined };

/**
 * Finds for each half the anchor of the instance that its statement claims. The claim is not proved here and need not be:
 * it only chooses among anchors that the verifier trusts, and the statement is then read under that one.
 */
export function readAnchors(file: Halves, anchors: Anchors): Result<Judges, EvidenceRefusal> {
  const known = knownAnchors([anchors].flat());
  if (!known.ok) return known;
  if (!known.value.has(file.instance)) {
    const given = [...known.value.keys()].join(', ');
    return refuseStep('anchor', `the file is of the instance ${file.instance}, the anchor of ${given}`);
  }
  const consumer = judgeOf('/consumer', file.consumer.statement, file.instance, known.value);
  if (!consumer.ok) return consumer;
  if (file.provider === undefined) return ok({ consumer: consumer.value, provider: undefined });
  const provider = judgeOf('/provider', file.provider.statement, file.instance, known.value);
  return provider.ok ? ok({ consumer: consumer.value, provider: provider.value }) : provider;
}

/** As `readAnchors`, of one statement that stands by itself. */
export function readJudge(statement: string, anchors: Anchors): Result<Judge, EvidenceRefusal> {
  const known = knownAnchors([anchors].flat());
  return known.ok ? judgeOf('the statement', statement, undefined, known.value) : known;
}

/** Two anchors of one instance would leave it to chance, or to a forger, which of them counts. */
function knownAnchors(given: readonly TrustAnchor[]): Result<ReadonlyMap<string, AnchorKeys>, EvidenceRefusal> {
  const known = new Map<string, AnchorKeys>();
  const prints = new Map<string, string>();
  for (const anchor of given) {
    const print = anchorFingerprint(anchor);
    if ((prints.get(anchor.instance) ?? print) !== print)
      return refuseStep('anchor', `two different anchors of the instance ${anchor.instance} were given`);
    const keys = anchorKeys(anchor);
    if (!keys.ok) return refuseStep('anchor', keys.error.detail);
    prints.set(anchor.instance, print);
    known.set(anchor.instance, keys.value);
  }
  return ok(known);
}

function judgeOf(
  place: string,
  statement: string,
  otherwise: string | undefined,
  known: ReadonlyMap<string, AnchorKeys>,
): Result<Judge, EvidenceRefusal> {
  const instance = claimedInstance(statement) ?? otherwise ?? '';
  const keys = known.get(instance);
  if (keys !== undefined) return ok({ instance, keys });
  return refuseStep(
    'anchor',
    `${place} is of the instance ${instance}: its anchor is needed too, from that registry's /anchor`,
  );
}

/** The instance that a statement says it is of; not verified. Undefined where it says none. */
export function claimedInstance(jws: string): string | undefined {
  const bytes = decodeBase64url(jws.split('.', 2)[1] ?? '');
  const json = parseJson(bytes?.toString('utf8') ?? '', { maxChars: 40_000, maxDepth: 8 });
  const instance = json.ok ? (json.value as { readonly instance?: unknown } | null)?.instance : undefined;
  return typeof instance === 'string' ? instance : undefined;
}
