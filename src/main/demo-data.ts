import type { Admission, Agreement } from '../exchange/index.ts';
import type { LocalText } from '../kernel/index.ts';
import type { Procedure } from '../procedures/index.ts';

/** The members of the demonstration: the agency's portal and two authorities that hold registers. */
export const INSTANCE = 'MA';
export const PORTAL_CLIENT = 'MA/GOV/ADD/portal';

export type DemoMember = {
  /** Names its schema, its log and its folder. */
  readonly key: 'portal' | 'dgsn' | 'civil';
  readonly admission: Admission;
  /** The service that it publishes, and the sample authority's path of it. */
  readonly service?: { readonly id: string; readonly path: string };
};

const member = (
  key: DemoMember['key'],
  code: string,
  name: LocalText,
  subsystem: { readonly code: string; readonly name: LocalText },
  service?: DemoMember['service'],
): DemoMember => ({
  key,
  admission: { member: { id: `${INSTANCE}/GOV/${code}`, name }, server: 'gw1', subsystems: [subsystem] },
  ...(service === undefined ? {} : { service }),
});

export const DEMO_MEMBERS: readonly DemoMember[] = [
  member(
    'portal',
    'ADD',
    { ar: 'وكالة التنمية الرقمية', fr: 'Agence de développement du digital', en: 'Agency for digital development' },
    {
      code: 'portal',
      name: {
        ar: 'بوابة المساطر والإجراءات الإدارية',
        fr: 'Portail des procédures administratives',
        en: 'Procedures portal',
      },
    },
  ),
  member(
    'dgsn',
    'DGSN',
    {
      ar: 'المديرية العامة للأمن الوطني',
      fr: 'Direction générale de la sûreté nationale',
      en: 'General Directorate for National Security',
    },
    { code: 'identity', name: { ar: 'سجل الهوية', fr: 'Registre d’identité', en: 'Identity register' } },
    { id: 'MA/GOV/DGSN/identity/person-record', path: '/persons' },
  ),
  member(
    'civil',
    'CIVIL',
    { ar: 'الحالة المدنية', fr: 'État civil', en: 'Civil status' },
    {
      code: 'registry',
      name: { ar: 'سجل الحالة المدنية', fr: 'Registre de l’état civil', en: 'Civil status register' },
    },
    { id: 'MA/GOV/CIVIL/registry/birth-record', path: '/birth-records' },
  ),
];

const VALID = { validFrom: '2026-01-01T00:00:00.000Z', validUntil: '2031-01-01T00:00:00.000Z' };
const LAW: LocalText = {
  ar: 'القانون رقم 55.19: لا يطلب من المرتفق ما تتوفر عليه إدارة أخرى',
  fr: 'Loi n° 55-19 : ne pas demander à l’usager ce qu’une autre administration détient',
  en: 'Law 55-19: the user is not asked for what another administration holds',
};

/**
 * One agreement for each procedure and service, with the fields and the purpose that the procedure states, and one
 * with each member for the citizen's own view; the portal's own member tells what it asked for like any other.
 */
export function demoAgreements(key: DemoMember['key'], procedures: readonly Procedure[]): readonly Agreement[] {
  const here = DEMO_MEMBERS.find((one) => one.key === key);
  const service = here?.service?.id;
  const subsystem = here?.admission.subsystems[0]?.code;
  if (here === undefined) return [];
  const forProcedures = procedures.flatMap((procedure) =>
    procedure.documents.flatMap((document) => {
      const { source } = document;
      if (service === undefined || source.kind !== 'exchange' || source.service !== service) return [];
      const id = `${key}-${procedure.id}-${document.id}`;
      const fields = source.fields.map((field) => field.pointer);
      return [agreement(id, service, [source.purpose], fields, LAW, '55-19')];
    }),
  );
  const usage = agreement(
    `${key}-usage`,
    `${here.admission.member.id}/${subsystem}/findUsage`,
    [
      {
        code: 'own-data-usage',
        text: {
          ar: 'اطلاع المعني بالأمر على من استعمل بياناته',
          fr: 'Accès de la personne à l’historique d’usage de ses données',
          en: 'The person’s view of who used their data',
        },
      },
    ],
    ['/'],
    { ar: 'القانون رقم 09.08: حق الولوج', fr: 'Loi n° 09-08 : droit d’accès', en: 'Law 09-08: right of access' },
    '09-08',
    // The person's request about a use is sent, not asked for.
    [
      { method: 'GET', path: '/**' },
      { method: 'POST', path: '/*/contest' },
    ],
  );
  return [...forProcedures, usage];
}

function agreement(
  id: string,
  service: string,
  purposes: Agreement['purposes'],
  fields: readonly string[],
  text: LocalText,
  ref: string,
  endpoints: Agreement['endpoints'] = [{ method: 'GET', path: '/**' }],
): Agreement {
  return {
    id,
    version: 1,
    client: PORTAL_CLIENT,
    service,
    endpoints,
    purposes,
    legalBasis: { text, ref },
    fields,
    ...VALID,
    status: 'active',
  };
}
