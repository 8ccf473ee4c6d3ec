import type { FastifyRequest } from 'fastify';
import { conflict, notFound } from '../../../kernel/index.ts';
import { explainCall } from '../../agreement/explain.ts';
import { trustView } from '../../gateway/trust-view.ts';
import { type Agreement, GROUP } from '../../message/agreement.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { confirmPage } from '../../operators/pages/accounts.ts';
import { frameOf, languageOf, page, paramOf, queryOf, redirect } from '../../operators/routes/page.ts';
import type { ConsoleDeps } from '../deps.ts';
import { explainPage } from '../pages/agreement-form.ts';
import {
  AGREEMENTS,
  type AgreementTab,
  agreementPage,
  agreementsPage,
  agreementText,
  TABS,
} from '../pages/agreements.ts';
import { formOfAgreement } from '../rules/agreement-form.ts';
import { readSigning } from '../service/signing.ts';
import { agreementTexts as texts } from '../texts/agreements.ts';
import { agreementFlow, emptyForm, valuesOf } from './agreement-flow.ts';

const BASE = '/:language/console/agreements';

export function agreementPages(deps: ConsoleDeps): readonly OperatorRoute[] {
  return [...shownAgreements(deps), ...draftedAgreements(deps), ...changedAgreements(deps)];
}

function shownAgreements(deps: ConsoleDeps): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;
  return [
    {
      ...read,
      id: 'console.agreement.list',
      url: BASE,
      async handle(request, { actor }) {
        const newest = newestOf(deps.rights.current().agreements);
        const tab = TABS.find((one) => one === queryOf(request, 'state')) ?? 'active';
        const count = (state: AgreementTab) => newest.filter((one) => tabOf(one.status) === state).length;
        return page(
          agreementsPage(frameOf(deps.house, request, actor), {
            tab,
            counts: {
              draft: count('draft'),
              active: count('active'),
              suspended: count('suspended'),
              ended: count('ended'),
            },
            agreements: newest.filter((one) => tabOf(one.status) === tab),
            now: deps.context.clock(),
          }),
        );
      },
    },
    {
      ...read,
      id: 'console.agreement.explain',
      url: `${BASE}/explain`,
      handle: async (request, { actor }) => page(explain(deps, request, frameOf(deps.house, request, actor))),
    },
    {
      ...read,
      id: 'console.agreement.show',
      url: `${BASE}/:id`,
      async handle(request, { actor }) {
        const versions = versionsOf(deps, paramOf(request, 'id'));
        const wanted = Number(queryOf(request, 'version'));
        const agreement = versions.find((one) => one.version === wanted) ?? versions[0];
        if (agreement === undefined) throw notFound('There is no agreement of this reference.');
        const signing = await readSigning(deps, agreement);
        const now = deps.context.clock();
        return page(agreementPage(frameOf(deps.house, request, actor), { agreement, versions, signing, now }));
      },
    },
  ];
}

/** What never was in force stands under one tab, from its draft to the client's refusal. */
function tabOf(status: Agreement['status']): AgreementTab {
  return status === 'offered' || status === 'declined' ? 'draft' : status;
}

/** The newest version of each, and beside one that is not in force yet the one that is. */
function newestOf(agreements: readonly Agreement[]): readonly Agreement[] {
  const newest = new Map<string, Agreement>();
  for (const one of agreements) if ((newest.get(one.id)?.version ?? 0) < one.version) newest.set(one.id, one);
  return agreements.filter(
    (one) => newest.get(one.id) === one || one.status === 'active' || one.status === 'suspended',
  );
}

function versionsOf(deps: ConsoleDeps, id: string): readonly Agreement[] {
  const versions = deps.rights.current().agreements.filter((one) => one.id === id);
  return versions.toSorted((a, b) => b.version - a.version);
}

function knownOf({ context, rights }: ConsoleDeps) {
  const { services, agreements } = rights.current();
  const named = agreements.map((one) => one.service);
  const view = trustView(context.trust, context.clock());
  return {
    clients: [...view.bySubsystem.keys()].toSorted().concat([...view.groups.keys()].map((code) => `${GROUP}${code}`)),
    services: [...new Set([...services.keys(), ...named])].toSorted(),
  };
}

function draftedAgreements(deps: ConsoleDeps): readonly OperatorRoute[] {
  return agreementFlow({
    id: 'console.agreement',
    base: AGREEMENTS,
    audit: 'agreement.put',
    house: deps.house,
    async start(request) {
      const from = queryOf(request, 'from');
      const [held] = from === '' ? [] : versionsOf(deps, from);
      return held === undefined ? emptyForm() : formOfAgreement(held);
    },
    async purpose(request) {
      const language = languageOf(request);
      const isOf = (id: string) => id !== '' && versionsOf(deps, id).length > 0;
      const isNew = request.method === 'GET' ? !isOf(queryOf(request, 'from')) : valuesOf(request).version === '1';
      return {
        base: AGREEMENTS,
        here: AGREEMENTS,
        title: (isNew ? texts.add : texts.newVersion)[language],
        back: `/${language}${AGREEMENTS}`,
        save: texts.save[language],
        reviewLead: texts.reviewLead[language],
        hasFreeId: isNew,
        hidden: {},
      };
    },
    known: async () => knownOf(deps),
    async save(request, agreement, acting) {
      const { id, version } = agreement;
      // Sent twice, the second finds the version there and leads to it; another text under it shows itself there.
      await deps.rights.addAgreement(agreement, (tx) => acting.record(tx, id, { version }));
      return redirect(`/${languageOf(request)}${AGREEMENTS}/${id}?version=${version}`);
    },
  });
}

const ACTS = { suspend: 'suspended', resume: 'active', end: 'ended' } as const;

function changedAgreements(deps: ConsoleDeps): readonly OperatorRoute[] {
  const change = { access: 'agreements.change', rate: 'form' } as const;
  return (Object.keys(ACTS) as (keyof typeof ACTS)[]).flatMap((kind): readonly OperatorRoute[] => [
    {
      ...change,
      id: `console.agreement.${kind}.ask`,
      method: 'GET',
      url: `${BASE}/:id/${kind}`,
      audit: null,
      handle: async (request, acting) => ask(deps, request, acting, kind),
    },
    {
      ...change,
      id: `console.agreement.${kind}`,
      method: 'POST',
      url: `${BASE}/:id/${kind}`,
      audit: 'agreement.status-changed',
      async handle(request, acting) {
        const id = paramOf(request, 'id');
        const status = ACTS[kind];
        if (!(await deps.rights.setStatus(id, status, (tx) => acting.record(tx, id, { status }))))
          throw conflict('There is no agreement of this reference that has not ended.');
        return redirect(`/${languageOf(request)}${AGREEMENTS}/${id}`);
      },
    },
  ]);
}

function ask(deps: ConsoleDeps, request: FastifyRequest, { actor }: Acting, kind: keyof typeof ACTS) {
  const [agreement] = versionsOf(deps, paramOf(request, 'id'));
  if (agreement === undefined) throw notFound('There is no agreement of this reference.');
  const language = languageOf(request);
  const path = `/${language}${AGREEMENTS}/${agreement.id}`;
  return page(
    confirmPage(frameOf(deps.house, request, actor), AGREEMENTS, {
      title: `${texts[kind][language]}: ${agreement.id}`,
      what: texts[`${kind}Text`][language],
      action: `${path}/${kind}`,
      back: path,
      about: agreementText(agreement, language),
    }),
  );
}

function explain(deps: ConsoleDeps, request: FastifyRequest, frame: ReturnType<typeof frameOf>): string {
  const [client = '', service = '', method = '', path = '', purpose = ''] = [
    'client',
    'service',
    'method',
    'path',
    'purpose',
  ].map((name) => queryOf(request, name).trim());
  const values = { client, service, method, path: path === '' ? '/' : path, purpose };
  const view = { values, ...knownOf(deps) };
  if (client === '' || service === '') return explainPage(frame, view);
  const asked = {
    ...values,
    purpose: purpose === '' ? undefined : purpose,
    agreement: undefined,
    query: {},
    headers: {},
  };
  const now = deps.context.clock();
  const told = explainCall(deps.rights.current(), trustView(deps.context.trust, now), asked, now);
  return explainPage(frame, { ...view, outcome: told });
}
