import type { FastifyRequest } from 'fastify';
import { type Answer, formOf } from '../../../platform/index.ts';
import type { Agreement } from '../../message/agreement.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorEventName } from '../../operators/events.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import type { Actor } from '../../operators/model.ts';
import type { House } from '../../operators/pages/frame.ts';
import { frameOf, page, textOf } from '../../operators/routes/page.ts';
import {
  AGREEMENT_FIELDS,
  type AgreementPurpose,
  type AgreementValues,
  agreementFormPage,
  reviewPage,
} from '../pages/agreement-form.ts';
import { type KnownParties, readAgreementForm } from '../rules/agreement-form.ts';
import { agreementTexts as texts } from '../texts/agreements.ts';
import { proposalTexts } from '../texts/proposals.ts';

export type AgreementFlow = {
  /** Of its routes: `ID.new`, `.review`, `.edit`, `.save`. */
  readonly id: string;
  /** Without the language. */
  readonly base: string;
  readonly audit: OperatorEventName;
  readonly house: House;
  /** The values that the empty form begins with. */
  start(request: FastifyRequest): Promise<AgreementValues>;
  purpose(request: FastifyRequest): Promise<AgreementPurpose>;
  known(request: FastifyRequest): Promise<KnownParties>;
  /** Of what was read; the names of fields that stand in the way after all, or the answer. */
  save(request: FastifyRequest, agreement: Agreement, acting: Acting): Promise<Answer | readonly WrongField[]>;
};

/** What only saving finds out, the field that it is about, and how it is said. */
const OTHERS = {
  unreached: { field: 'service', text: proposalTexts.unreached, status: 422 },
  taken: { field: 'id', text: proposalTexts.idTaken, status: 409 },
  answered: { field: undefined, text: proposalTexts.offerAnswered, status: 409 },
} as const;

export type WrongField = keyof typeof texts.bad | 'note' | keyof typeof OTHERS;

/** A form of an agreement: written, read as text, and then saved; nothing typed is lost on the way. */
export function agreementFlow(flow: AgreementFlow): readonly OperatorRoute[] {
  const url = `/:language${flow.base}`;
  const change = { access: 'agreements.change', rate: 'form' } as const;
  return [
    {
      ...change,
      id: `${flow.id}.new`,
      method: 'GET',
      url: `${url}/new`,
      audit: null,
      handle: async (request, { actor }) => show(flow, request, actor, await flow.start(request), []),
    },
    {
      ...change,
      id: `${flow.id}.review`,
      method: 'POST',
      url: `${url}/review`,
      audit: null,
      async handle(request, { actor }) {
        const values = valuesOf(request);
        const purpose = await flow.purpose(request);
        const read = readAgreementForm(values, await flow.known(request));
        const wrong = [...(read.ok ? [] : read.error), ...(purpose.note?.trim() === '' ? (['note'] as const) : [])];
        if (!read.ok || wrong.length > 0) return show(flow, request, actor, values, wrong);
        return page(reviewPage(frameOf(flow.house, request, actor, flow.base), purpose, values, read.value));
      },
    },
    {
      ...change,
      id: `${flow.id}.edit`,
      method: 'POST',
      url: `${url}/edit`,
      audit: null,
      handle: (request, { actor }) => show(flow, request, actor, valuesOf(request), []),
    },
    {
      ...change,
      id: `${flow.id}.save`,
      method: 'POST',
      url,
      audit: flow.audit,
      async handle(request, acting) {
        const values = valuesOf(request);
        const read = readAgreementForm(values, await flow.known(request));
        if (!read.ok) return show(flow, request, acting.actor, values, read.error);
        const saved = await flow.save(request, read.value, acting);
        return 'kind' in saved ? saved : show(flow, request, acting.actor, values, saved);
      },
    },
  ];
}

async function show(
  flow: AgreementFlow,
  request: FastifyRequest,
  actor: Actor,
  values: AgreementValues,
  wrong: readonly WrongField[],
): Promise<Answer> {
  const frame = frameOf(flow.house, request, actor, `${flow.base}/new`);
  const known = await flow.known(request);
  const errors = wrong.map((one) => {
    const isTyped = one === 'service' && known.services === undefined;
    const { field, text } = isTyped ? { field: one, text: proposalTexts.badService } : found(one);
    return { field, message: text[frame.language] };
  });
  const view = { values, errors, purpose: await flow.purpose(request), ...known };
  const [status = 200] = wrong.map((one) => found(one).status);
  return page(agreementFormPage(frame, view), status);
}

function found(one: WrongField) {
  if (one === 'unreached' || one === 'taken' || one === 'answered') return OTHERS[one];
  const text = one === 'note' ? proposalTexts.badNote : texts.bad[one];
  return { field: one, text, status: 422 };
}

export function emptyForm(): AgreementValues {
  const values = Object.fromEntries(AGREEMENT_FIELDS.map((name) => [name, ''])) as AgreementValues;
  return { ...values, version: '1', endpoints: 'GET /**' };
}

export function valuesOf(request: FastifyRequest): AgreementValues {
  const form = formOf(request);
  const values = Object.fromEntries(AGREEMENT_FIELDS.map((name) => [name, textOf(form, name)])) as AgreementValues;
  return { ...values, version: /^[1-9]\d{0,4}$/.test(values.version) ? values.version : '1' };
}

/** Of the query of the empty form, of the body after that. */
export function carried(request: FastifyRequest, name: string, mostChars = 1000): string {
  const value =
    request.method === 'GET'
      ? (request.query as Readonly<Record<string, unknown>>)[name]
      : textOf(formOf(request), name);
  return typeof value === 'string' ? value.slice(0, mostChars) : '';
}
