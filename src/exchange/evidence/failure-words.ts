import { type Language, textIn } from '../../kernel/index.ts';
import { formatDateTime, formatNumber } from '../../web/index.ts';
import type { FailureParty, FailureReport } from './failure-report.ts';
import { EVIDENCE_STEPS } from './report.ts';
import { type FailureWords, failureTexts as texts } from './texts/failure.ts';
import { demandsWitnesses, type EvidenceWords, noteOf, stepName } from './words.ts';

/** As `describeReport`, and what is proved and what is not, said apart. */
export function describeFailure(report: FailureReport, language: Language): EvidenceWords {
  const words = wordsOf(report, language);
  const claims = (names: FailureReport['proved']) => names.map((name) => texts.claims[name][language]);
  return {
    headline: texts[report.outcome](words)[language],
    steps: EVIDENCE_STEPS.map((step) => ({
      step,
      name: stepName(step, language),
      holds: true,
      text: texts.steps[step](words)[language],
    })),
    claims: [
      { title: texts.proved[language], items: claims(report.proved) },
      { title: texts.notProved[language], items: claims(report.notProved) },
    ],
    note: `${report.outcome === 'unanswered' ? `${texts.absence[language]} ` : ''}${noteOf(report.personalData, language)}`,
  };
}

function wordsOf(report: FailureReport, language: Language): FailureWords {
  const at = (instant: string) => formatDateTime(new Date(instant), language);
  const name = (party: FailureParty) => textIn(party.member.name, language).text;
  const { consumer, provider, refusal, witnesses } = report;
  const parties = provider === undefined ? [consumer] : [consumer, provider];
  const isAcross = provider !== undefined && provider.instance !== consumer.instance;
  const sealer = parties.find(({ server }) => server === report.seal.by) ?? consumer;
  return {
    consumer: name(consumer),
    provider: provider === undefined ? report.service.split('/', 3).join('/') : name(provider),
    requestedAt: at(report.requestedAt),
    client: report.client,
    service: report.service,
    refusedAt: refusal === undefined ? undefined : at(refusal.at),
    status: refusal === undefined ? undefined : String(refusal.status),
    fault: report.fault,
    instance: report.instance,
    instances: isAcross ? [consumer.instance, provider.instance] : undefined,
    servers: parties.map(({ server, instance }) => (isAcross ? `${instance}: ${server}` : server)).join(' · '),
    ledgers: parties.flatMap((party) => ledgerOf(party, language)).join(' · '),
    witnesses: !demandsWitnesses(witnesses)
      ? undefined
      : parties
          .flatMap(({ ledger }, nth) => {
            const count = nth === 0 ? witnesses.consumer : witnesses.provider;
            return ledger === undefined || count === undefined
              ? []
              : [`${ledger.name} ${formatNumber(count, language)}`];
          })
          .join(' · '),
    sealedBy: name(sealer),
    sealedAt: at(report.seal.at),
  };
}

function ledgerOf({ ledger, request, refusal }: FailureParty, language: Language): readonly string[] {
  if (ledger === undefined) return [];
  const places = [request, refusal].flatMap((place) =>
    place === undefined ? [] : [formatNumber(place.index, language)],
  );
  return [`${ledger.name} (${places.join(', ')})`];
}
