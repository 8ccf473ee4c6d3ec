import Type from 'typebox';
import { err, ok, type Result } from '../../kernel/index.ts';
import { anchorSchema, parseAnchorValue, type TrustAnchor } from './anchor.ts';
import { activeKey, anchorFingerprint, anchorKeys, verifyJws } from './jws.ts';
import { codeSchema, digestSchema, instantSchema, shapeParser, strict } from './shape.ts';

/** The registry's word that another anchor follows one: signed with a key of the former, and naming it whole. */
export type AnchorUpdate = {
  readonly v: 1;
  readonly instance: string;
  readonly sequence: number;
  /** Fingerprint of the anchor before. */
  readonly previous: string;
  readonly anchor: TrustAnchor;
  readonly issuedAt: string;
};

export type AnchorRefusal = { readonly kind: 'anchor'; readonly detail: string };

const checkUpdate = shapeParser(
  Type.Object(
    {
      v: Type.Literal(1),
      instance: codeSchema,
      sequence: Type.Integer({ minimum: 1, maximum: 10_000 }),
      previous: digestSchema,
      anchor: anchorSchema,
      issuedAt: instantSchema,
    },
    strict,
  ),
);

/**
 * Goes from the anchor that one holds to the registry's present one, step by step: each step is signed with a key that
 * the anchor before it still counted as good. A gateway that was away for many rotations takes them one after another;
 * updates before its own anchor are passed over, and a step that does not verify ends the way there.
 */
export function followAnchor(held: TrustAnchor, updates: readonly string[]): Result<TrustAnchor, AnchorRefusal> {
  let anchor = held;
  for (const jws of updates) {
    const step = readUpdate(anchor, jws);
    if (!step.ok) return step;
    if (step.value !== undefined) anchor = step.value;
  }
  return ok(anchor);
}

/** Undefined for an update of an earlier anchor: its key may be one that we no longer count as good. */
function readUpdate(anchor: TrustAnchor, jws: string): Result<TrustAnchor | undefined, AnchorRefusal> {
  const keys = anchorKeys(anchor);
  if (!keys.ok) return refuse(keys.error.detail);
  const signed = verifyJws(jws, 'wasl-anchor', (kid) => keys.value.get(kid)?.key);
  if (!signed.ok) return refuse(signed.error.detail);
  const shape = checkUpdate(signed.value.payload);
  if (!shape.ok) return refuse(shape.error.detail);
  const { instance, previous, anchor: next } = shape.value;
  if (previous !== anchorFingerprint(anchor)) return ok(undefined);
  if (activeKey(keys.value, signed.value.header['kid'] ?? '') === undefined)
    return refuse('is signed with a retired key');
  if (instance !== anchor.instance || next.instance !== instance) return refuse('is of another instance');
  const parsed = parseAnchorValue(next);
  if (!parsed.ok) return refuse(parsed.error.detail);
  const whole = anchorKeys(parsed.value);
  return whole.ok ? ok(parsed.value) : refuse(whole.error.detail);
}

function refuse(detail: string): Result<never, AnchorRefusal> {
  return err({ kind: 'anchor', detail: `the change of the registry's keys is refused: it ${detail}` });
}
