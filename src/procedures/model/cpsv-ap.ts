import type { Json, LocalText } from '../../kernel/index.ts';
import type { Fee, Procedure, RequiredDocument } from './procedure.ts';

const CONTEXT = 'https://semiceu.github.io/uri.semic.eu-generated/CPSV-AP/releases/3.2.0/context/cpsv-ap.jsonld';
const MAD = 'http://publications.europa.eu/resource/authority/currency/MAD';
const LANGUAGES = 'http://publications.europa.eu/resource/authority/language';

/**
 * A procedure as CPSV-AP 3.2.0 JSON-LD. What the vocabulary has no place for (the effect of silence, whether the delay
 * may be extended, how certain a fact is) stands in Wasl's own namespace, as national profiles do. `base` is the
 * portal's address without a final slash.
 */
export function toCpsvAp(procedure: Procedure, base: string): Json {
  const self = `${base}/procedures/${procedure.id}`;
  const office = `${base}/authorities/${procedure.authority.office}`;
  return {
    '@context': [
      CONTEXT,
      {
        cpsv: 'http://purl.org/vocab/cpsv#',
        cv: 'http://data.europa.eu/m8g/',
        dct: 'http://purl.org/dc/terms/',
        dcat: 'http://www.w3.org/ns/dcat#',
        eli: 'http://data.europa.eu/eli/ontology#',
        wasl: `${base}/ns#`,
      },
    ],
    '@id': self,
    '@type': 'cpsv:PublicService',
    'dct:identifier': procedure.id,
    'dct:title': languageMap(procedure.title),
    'dct:description': languageMap(procedure.summary),
    'dct:language': ['ARA', 'FRA'].map((code) => ({ '@id': `${LANGUAGES}/${code}` })),
    'dcat:keyword': keywords(procedure),
    'cv:hasCompetentAuthority': {
      '@id': office,
      '@type': 'cv:PublicOrganisation',
      'dct:title': languageMap(procedure.authority.name),
    },
    'cv:processingTime': `P${procedure.deadline.days}D`,
    'cv:hasCost': cost(self, procedure.fee),
    'cv:hasLegalResource': procedure.legalBasis.map((text) => ({
      '@id': text.url ?? `${self}#law-${text.id}`,
      '@type': 'eli:LegalResource',
      'dct:title': languageMap(text.title),
      'wasl:certainty': text.provenance.certainty,
    })),
    'cpsv:hasInput': procedure.documents.map((document) => evidence(self, document)),
    'cpsv:produces': {
      '@id': `${self}#output`,
      '@type': 'cv:Output',
      'dct:title': languageMap(procedure.result.title),
    },
    'cv:hasChannel': {
      '@id': `${self}#online`,
      '@type': 'cv:Channel',
      'dct:title': languageMap({ ar: 'عبر الإنترنت', fr: 'En ligne', en: 'Online' }),
      'cv:ownedBy': { '@id': office },
    },
    'wasl:version': procedure.version,
    'wasl:deadlineBasis': procedure.deadline.basis,
    'wasl:deadlineCertainty': procedure.deadline.provenance.certainty,
    'wasl:silenceEffect': procedure.silence.kind,
    'wasl:deadlineExtendable': procedure.extension !== undefined,
    'wasl:completionRequests': 1,
  };
}

function languageMap(text: LocalText): Json {
  return (['ar', 'fr', 'en'] as const).flatMap((language) => {
    const value = text[language];
    return value === undefined ? [] : [{ '@language': language, '@value': value }];
  });
}

function keywords(procedure: Procedure): Json {
  return (['ar', 'fr', 'en'] as const).flatMap((language) =>
    procedure.keywords[language].map((word) => ({ '@language': language, '@value': word })),
  );
}

/** A cost that is not known is left out rather than given as zero. */
function cost(self: string, fee: Fee): Json {
  if (fee.kind === 'unknown' || fee.kind === 'variable') return [];
  return [
    {
      '@id': `${self}#cost`,
      '@type': 'cv:Cost',
      'cv:hasValue': fee.amountMad ?? 0,
      'cv:currency': { '@id': MAD },
      'wasl:certainty': fee.provenance.certainty,
    },
  ];
}

function evidence(self: string, document: RequiredDocument): Json {
  return {
    '@id': `${self}#${document.id}`,
    '@type': 'cv:Evidence',
    'dct:title': languageMap(document.title),
    'wasl:obtainedBy': document.source.kind,
    'wasl:certainty': document.provenance.certainty,
    ...(document.source.kind === 'exchange' ? { 'wasl:service': document.source.service } : {}),
  };
}
