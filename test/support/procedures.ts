import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unwrap } from '../../src/kernel/index.ts';
import type { Dossier, DossierEvent } from '../../src/procedures/model/dossier.ts';
import type { PersonFacts } from '../../src/procedures/model/procedure.ts';
import { type Catalogue, type CatalogueFiles, parseCatalogue } from '../../src/procedures/rules/catalogue.ts';
import { applyEvent, type Circumstances, foldDossier } from '../../src/procedures/rules/dossier.ts';
import { type Moves, startDraft } from '../../src/procedures/rules/filing.ts';

const CONTENT = join(import.meta.dirname, '..', '..', 'content');

export function contentFiles(): CatalogueFiles {
  const file = (name: string) => ({ name: `content/${name}`, text: readFileSync(join(CONTENT, name), 'utf8') });
  return {
    legal: file('legal/law-55-19.yaml'),
    calendar: file('calendar/morocco.yaml'),
    regions: file('geography/regions.csv'),
    provinces: file('geography/provinces.csv'),
    procedures: readdirSync(join(CONTENT, 'procedures'))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => file(`procedures/${name}`)),
  };
}

let catalogue: Catalogue | undefined;

/** The catalogue that the project ships. */
export function shippedCatalogue(): Catalogue {
  catalogue ??= unwrap(parseCatalogue(contentFiles()));
  return catalogue;
}

/** Circumstances of a decision about a dossier of that procedure, at that instant. */
export function circumstances(procedure: string, now: string): Circumstances {
  const { calendar, current, legal } = shippedCatalogue();
  const found = current(procedure);
  if (found === undefined) throw new Error(`no procedure ${procedure}`);
  return { procedure: found, legal, calendar, now: new Date(now) };
}

export const AMINA: PersonFacts = {
  fullNameAr: 'أمينة العلوي',
  fullNameFr: 'Amina Alaoui',
  birthDate: '1990-03-27',
  nationalId: 'AB123456',
};

/** Complete answers of a request for a certificate of residence with a sworn declaration. */
export const RESIDENCE_ANSWERS = {
  purpose: 'bank',
  address: '12 زنقة فاس، أكدال',
  commune: 'الرباط',
  province: '04.421',
  residentSince: '2015-09-01',
  proofKind: 'declaration',
  addressDeclaration: true,
  phone: '+212612345678',
} as const;

export const IDENTITY_DATA = {
  nationalId: 'AB123456',
  fullName: { ar: 'أمينة العلوي', fr: 'Amina Alaoui' },
  birthDate: '1990-03-27',
  address: { line: { ar: '12 زنقة فاس، أكدال', fr: '12, rue de Fès, Agdal' } },
};

export const BIRTH_DATA = {
  fullName: { ar: 'أمينة العلوي', fr: 'Amina Alaoui' },
  birthDate: '1990-03-27',
  birthPlace: { ar: 'فاس', fr: 'Fès' },
};

/** The events of a certificate of residence filed at that instant, both documents obtained. */
export function filedResidence(filedAt: string, over: { readonly days?: number } = {}): readonly DossierEvent[] {
  const { legal } = shippedCatalogue();
  const obtained = { kind: 'document-obtained', at: filedAt, by: 'system', via: 'exchange' } as const;
  const { firstDayExcluded, lastDayNotWorked, onCompletion } = legal;
  return [
    {
      kind: 'draft-started',
      at: filedAt,
      by: 'amina',
      procedure: 'certificat-residence',
      version: 1,
      person: AMINA,
      answers: {},
    },
    { kind: 'exchange-acknowledged', at: filedAt, by: 'amina', documents: ['identity', 'birth'] },
    { ...obtained, document: 'identity', reference: 'x-1', data: IDENTITY_DATA },
    { ...obtained, document: 'birth', reference: 'x-2', data: BIRTH_DATA },
    { kind: 'answers-saved', at: filedAt, by: 'amina', answers: RESIDENCE_ANSWERS },
    {
      kind: 'filed',
      at: filedAt,
      by: 'amina',
      number: 'R-2026-000001-Q',
      answers: RESIDENCE_ANSWERS,
      items: [
        { document: 'identity', outcome: 'received', via: 'exchange' },
        { document: 'birth', outcome: 'received', via: 'exchange' },
        { document: 'addressProof', outcome: 'received', via: 'declaration' },
      ],
      rules: {
        days: over.days ?? 60,
        dayKind: 'calendar',
        firstDayExcluded,
        lastDayNotWorked,
        onCompletion,
        silence: 'none',
      },
    },
  ];
}

export const MESSAGE = 'La pièce jointe est illisible, merci de la remplacer.';
export const FILED_AT = '2026-11-23T10:00:00.000Z';
const LATER = '2026-11-25T10:00:00.000Z';

/** Two days after filing, on the certificate of residence, unless said otherwise. */
export function around(now: string = LATER, procedure = 'certificat-residence'): Circumstances {
  return circumstances(procedure, now);
}

export function filed(): Dossier {
  return foldDossier(filedResidence(FILED_AT));
}

export function started(procedure = 'certificat-residence', now = FILED_AT): Dossier {
  const moves = startDraft({ applicant: 'amina', kind: 'natural', person: AMINA }, around(now, procedure));
  assert.ok(moves.ok);
  return foldDossier(moves.value);
}

/** The dossier after moves that have to be accepted. */
export function after(dossier: Dossier, moves: Moves): Dossier {
  assert.ok(moves.ok, `refused: ${JSON.stringify(moves)}`);
  return moves.value.reduce<Dossier>(applyEvent, dossier);
}

/** Why moves that have to be refused are refused. */
export function refusalOf(moves: Moves): string {
  assert.ok(!moves.ok, 'was accepted');
  return moves.error.kind;
}
