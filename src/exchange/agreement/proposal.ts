import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { canonicalJson, err, type Json, ok, type Result } from '../../kernel/index.ts';
import { signJws, verifyJws } from '../trust/jws.ts';
import {
  type AgreementDocument,
  type DocumentRefusal,
  type DocumentSigner,
  documentOf,
  documentText,
  type KeyFinder,
  type ParseAgreement,
} from './document.ts';
import type { Party } from './model.ts';

const closed = { additionalProperties: false } as const;
const id = Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' });
const server = Type.String({ minLength: 1, maxLength: 500 });
const words = Type.String({ minLength: 1, maxLength: 1_000 });

const proposalSchema = Type.Object({ id, provider: server, note: words, document: Type.Unknown() }, closed);
const dismissalSchema = Type.Object({ id, provider: server, reason: words }, closed);
const withdrawalSchema = Type.Object({ id, provider: server, withdrawn: words }, closed);

/** An agreement as a client would have it; its reference and version are the client's wish. */
export type Proposal = {
  readonly id: string;
  /** INST/CLASS/MEMBER/SERVERCODE of the gateway that it is put to. */
  readonly provider: string;
  readonly note: string;
  readonly document: AgreementDocument;
};

/** A proposal as it is kept on either side, with what came of it. */
export type KeptProposal = {
  /** `provider`: put to us; `client`: ours. */
  readonly side: Party;
  readonly peer: string;
  readonly id: string;
  readonly agreement: string;
  readonly client: string;
  readonly service: string;
  readonly note: string;
  readonly jws: string;
  readonly madeAt: Date;
  readonly state: 'open' | 'drafted' | 'dismissed' | 'withdrawn';
  readonly version: number | null;
  readonly reason: string;
  readonly answeredAt: Date | null;
};

export type ProposalKey = Pick<KeptProposal, 'side' | 'peer' | 'id'>;

/** The provider's no to a proposal; its yes is an offer. */
export type Dismissal = Readonly<Static<typeof dismissalSchema>>;

/** The client takes its proposal back; `withdrawn` is why. */
export type Withdrawal = Readonly<Static<typeof withdrawalSchema>>;

const TYPE = 'wasl-agreement-proposal';

export function signProposal({ keyid, key }: DocumentSigner, proposal: Proposal): string {
  return signJws({ kid: keyid, key }, TYPE, proposal, { party: 'client' });
}

export function signDismissal({ keyid, key }: DocumentSigner, dismissal: Dismissal): string {
  return signJws({ kid: keyid, key }, TYPE, dismissal, { party: 'provider' });
}

export function signWithdrawal({ keyid, key }: DocumentSigner, withdrawal: Withdrawal): string {
  return signJws({ kid: keyid, key }, TYPE, withdrawal, { party: 'client' });
}

export type ProposalMessage =
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'withdrawal'; readonly withdrawal: Withdrawal }
  | { readonly kind: 'dismissal'; readonly dismissal: Dismissal };

const refuse = (detail: string) => err<DocumentRefusal>({ kind: 'document', detail });

export function readProposalMessage(
  jws: string,
  keyOf: KeyFinder,
  parse: ParseAgreement,
): Result<ProposalMessage, DocumentRefusal> {
  const read = verifyJws(jws, TYPE, keyOf, ['party']);
  if (!read.ok) return refuse(read.error.detail);
  const { header, payload } = read.value;
  if (header['party'] === 'client') {
    if (Value.Check(withdrawalSchema, payload)) return ok({ kind: 'withdrawal', withdrawal: payload });
    return readProposal(payload, parse);
  }
  const [fault] = Value.Errors(dismissalSchema, payload);
  if (header['party'] !== 'provider') return refuse('the party is neither side');
  if (fault !== undefined) return refuse(`${fault.instancePath || '/'} ${fault.message}`);
  return ok({ kind: 'dismissal', dismissal: payload as unknown as Dismissal });
}

function readProposal(payload: Json, parse: ParseAgreement): Result<ProposalMessage, DocumentRefusal> {
  const [fault] = Value.Errors(proposalSchema, payload);
  if (fault !== undefined) return refuse(`${fault.instancePath || '/'} ${fault.message}`);
  const given = payload as { readonly id: string; readonly provider: string; readonly note: string; document: Json };
  const agreement = parse(given.document);
  if (!agreement.ok) return refuse(`/document${agreement.error}`);
  const document = documentOf(agreement.value);
  if (documentText(document) !== canonicalJson(given.document)) {
    return refuse('the document leaves out what an agreement must say');
  }
  return ok({ kind: 'proposal', proposal: { ...given, document } });
}
