import type { FastifyRequest } from 'fastify';
import { Problem } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import { identifier, type SummaryError } from '../../../web/index.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import type { Actor } from '../../operators/model.ts';
import { confirmPage } from '../../operators/pages/accounts.ts';
import { frameOf, languageOf, page, queryOf, redirect, textOf } from '../../operators/routes/page.ts';
import { CERTIFICATE_USERS, type CertificateUser, CONNECTIONS } from '../../systems/model.ts';
import { needSubsystem, ownCertificate, readSystemCertificate, requireDoor } from '../../systems/routes.ts';
import type { ConsoleDeps } from '../deps.ts';
import { SYSTEMS, systemPage, systemPath, systemsPage } from '../pages/systems.ts';
import { systemTexts as texts } from '../texts/systems.ts';

const BASE = `/:language${SYSTEMS}`;

export function systemPages(deps: ConsoleDeps): readonly OperatorRoute[] {
  return [...shownSystems(deps), ...changedSystems(deps)];
}

function shownSystems(deps: ConsoleDeps): readonly OperatorRoute[] {
  const { context } = deps;
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;
  return [
    {
      ...read,
      id: 'console.system.list',
      url: BASE,
      async handle(request, { actor }) {
        const systems = [...context.subsystems].sort().map((one) => context.systems.of(one));
        const own = context.internalTls && { pem: ownCertificate(context), isDoorOpen: context.internalTls.isDoorOpen };
        return page(systemsPage(frameOf(deps.house, request, actor), systems, own));
      },
    },
    {
      ...read,
      id: 'console.system.show',
      url: `${BASE}/one`,
      handle: async (request, { actor }) => show(deps, request, actor, queryOf(request, 'subsystem')),
    },
    {
      ...read,
      id: 'console.system.own-certificate',
      url: `${BASE}/gateway.pem`,
      handle: async () => ({
        kind: 'bytes',
        contentType: 'application/x-pem-file',
        body: Buffer.from(ownCertificate(context)),
        fileName: 'gateway.pem',
      }),
    },
    {
      ...read,
      id: 'console.system.remove',
      url: `${BASE}/remove`,
      access: 'services.change',
      async handle(request, { actor }) {
        const language = languageOf(request);
        const [subsystem, usedBy, thumbprint] = ['subsystem', 'usedBy', 'thumbprint'].map((one) =>
          queryOf(request, one),
        ) as [string, string, string];
        const query = new URLSearchParams({ subsystem, usedBy, thumbprint });
        return page(
          confirmPage(frameOf(deps.house, request, actor), SYSTEMS, {
            title: texts.remove[language],
            what: texts.removeWhat[language],
            about: identifier(thumbprint),
            action: `/${language}${SYSTEMS}/remove?${query.toString()}`,
            back: systemPath(language, subsystem),
          }),
        );
      },
    },
  ];
}

function changedSystems(deps: ConsoleDeps): readonly OperatorRoute[] {
  const change = { method: 'POST', access: 'services.change', rate: 'form' } as const;
  return [
    {
      ...change,
      id: 'console.system.connection',
      url: `${BASE}/connection`,
      audit: 'system.connection-changed',
      handle: (request, acting) => setConnection(deps, request, acting),
    },
    {
      ...change,
      id: 'console.system.certificate.add',
      url: `${BASE}/certificates`,
      audit: 'system.certificate-added',
      handle: (request, acting) => addCertificate(deps, request, acting),
    },
    {
      ...change,
      id: 'console.system.certificate.remove',
      url: `${BASE}/remove`,
      audit: 'system.certificate-removed',
      async handle(request, acting) {
        const subsystem = needSubsystem(deps.context, queryOf(request, 'subsystem'));
        const [usedBy, thumbprint] = [queryOf(request, 'usedBy') as CertificateUser, queryOf(request, 'thumbprint')];
        // Removed already by somebody else is what was wanted.
        await deps.context.systems.removeCertificate(subsystem, usedBy, thumbprint, (tx) =>
          acting.record(tx, subsystem, { usedBy, thumbprint }),
        );
        return redirect(`${systemPath(languageOf(request), subsystem)}&saved=yes`);
      },
    },
  ];
}

function show(
  { context, house }: ConsoleDeps,
  request: FastifyRequest,
  actor: Actor,
  word: string,
  typed: { readonly connection?: string; readonly usedBy?: string; readonly errors?: readonly SummaryError[] } = {},
) {
  const system = context.systems.of(needSubsystem(context, word));
  const { connection = system.connection, usedBy = 'client', errors = [] } = typed;
  const posted = systemPath(languageOf(request), system.subsystem).slice(3);
  const wasSaved = errors.length === 0 && queryOf(request, 'saved') !== '';
  const view = { system, now: context.clock(), connection, usedBy, errors, wasSaved };
  return page(systemPage(frameOf(house, request, actor, posted), view), errors.length > 0 ? 422 : 200);
}

async function setConnection(deps: ConsoleDeps, request: FastifyRequest, acting: Acting) {
  const form = formOf(request);
  const subsystem = needSubsystem(deps.context, textOf(form, 'subsystem'));
  const wanted = textOf(form, 'connection');
  const connection = CONNECTIONS.find((one) => one === wanted);
  const refuse = (message: string) =>
    show(deps, request, acting.actor, subsystem, { connection: wanted, errors: [{ field: 'connection', message }] });
  if (connection === undefined) return refuse(texts.badConnection[languageOf(request)]);
  try {
    requireDoor(deps.context, connection);
  } catch (cause) {
    if (cause instanceof Problem) return refuse(texts.noDoor[languageOf(request)]);
    throw cause;
  }
  await deps.context.systems.setConnection(subsystem, connection, (tx) => acting.record(tx, subsystem, { connection }));
  return redirect(`${systemPath(languageOf(request), subsystem)}&saved=yes`);
}

async function addCertificate(deps: ConsoleDeps, request: FastifyRequest, acting: Acting) {
  const form = formOf(request);
  const subsystem = needSubsystem(deps.context, textOf(form, 'subsystem'));
  const usedBy = CERTIFICATE_USERS.find((one) => one === textOf(form, 'usedBy')) ?? 'client';
  const bytes = form.files['file']?.[0]?.bytes;
  const typed = form.fields['certificate'];
  const text = bytes === undefined ? String(typed ?? '') : bytes.toString(bytes[0] === DER ? 'base64' : 'utf8');
  try {
    const added = readSystemCertificate(usedBy, text, deps.context.clock());
    const { thumbprint } = added;
    const record = (tx: Parameters<typeof acting.record>[0]) => acting.record(tx, subsystem, { usedBy, thumbprint });
    await deps.context.systems.addCertificate(subsystem, added, record);
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.status !== 422) throw cause;
    const errors = [{ field: 'file', message: texts.bad[languageOf(request)] }];
    return show(deps, request, acting.actor, subsystem, { usedBy, errors });
  }
  return redirect(`${systemPath(languageOf(request), subsystem)}&saved=yes`);
}

/** The tag that a certificate in DER begins with; PEM is text. */
const DER = 0x30;
