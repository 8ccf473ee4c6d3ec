import { type Language, parseJson, type Result, textIn } from '../../kernel/index.ts';
import {
  formatDateTime,
  formatNumber,
  type Html,
  html,
  identifier,
  inset,
  nothing,
  summaryList,
  taskList,
  verdict,
  warning,
} from '../../web/index.ts';
import { judgeEvidence } from '../evidence/judge.ts';
import type { EvidenceRefusal, EvidenceReport } from '../evidence/report.ts';
import { parseWitnessPolicy } from '../evidence/witnesses.ts';
import { describeRefusal, describeReport, describeSteps, type StepState } from '../evidence/words.ts';
import { anchorFingerprint, decodeUtf8 } from '../trust/jws.ts';
import { parseAnchor } from '../trust/model.ts';
import { factTexts, stateTexts, verifierTexts as texts, wordsIn } from './texts.ts';

/** What a person has put into the page, as it came: everything here is hostile until it is parsed. */
export type Given = {
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  readonly anchor?: { readonly text: string; readonly isOwn: boolean };
  readonly policy?: string;
};

const MAX_BYTES = 200_000;

/** Which of the three files of this page it is. What is neither of the two others is to be checked as evidence. */
export function kindOf(bytes: Uint8Array): 'evidence' | 'anchor' | 'policy' {
  const text = bytes.length > MAX_BYTES ? undefined : decodeUtf8(bytes);
  const json = text === undefined ? undefined : parseJson(text);
  const value = json?.ok === true ? json.value : null;
  if (typeof value !== 'object' || value === null || 'format' in value) return 'evidence';
  if ('keys' in value) return 'anchor';
  return 'witnesses' in value ? 'policy' : 'evidence';
}

export function textOf(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? '';
}

/** What the page says of the file: the verdict, each step, and what is proved. */
export function resultMarkup(given: Given, language: Language): string {
  const say = wordsIn(language);
  const { file, anchor, policy } = given;
  if (file === undefined) return String(html`<p class="muted">${say(texts.waiting)}</p>`);
  if (anchor === undefined) return String(inset(say(texts.needsAnchor)));
  if (file.bytes.length > MAX_BYTES) return String(warning({ language, text: say(texts.tooLarge) }));
  const result = judgeEvidence(file.bytes, anchor.text, policy);
  const words = result.ok ? describeReport(result.value, language) : describeRefusal(result.error, language);
  const note =
    result.ok && result.value.personalData ? warning({ language, text: words.note }) : html`<p>${words.note}</p>`;
  return String(
    html`<h2 class="visually-hidden">${say(texts.result)}</h2>${verdict({
      kind: result.ok ? 'valid' : 'invalid',
      title: words.headline,
      text: html`${say(texts.checkedFile)} <bdi>${file.name}</bdi>`,
      below: true,
    })}${result.ok ? note : nothing}<h3>${say(texts.steps)}</h3>${stepList(result, language)}${
      result.ok ? html`<h3>${say(texts.facts)}</h3>${factList(result.value, language)}` : nothing
    }`,
  );
}

const TONES = { holds: 'green', refused: 'red', 'not-reached': 'neutral' } as const satisfies Record<StepState, string>;

function stepList(result: Result<EvidenceReport, EvidenceRefusal>, language: Language): Html {
  const say = wordsIn(language);
  return taskList(
    describeSteps(result, language).map(({ step, name, state, text, detail }) => ({
      id: `step-${step}`,
      title: name,
      hint: detail === undefined ? text : html`${text}<br><bdi dir="ltr" lang="en">${detail}</bdi>`,
      status: { text: say(stateTexts[state]), tone: TONES[state] },
    })),
  );
}

function factList(report: EvidenceReport, language: Language): Html {
  const say = wordsIn(language);
  const at = (instant: string) => formatDateTime(new Date(instant), language);
  const member = ({ member }: EvidenceReport['consumer']) =>
    html`${textIn(member.name, language).text} ${identifier(member.id)}`;
  const rows: readonly (readonly [keyof typeof factTexts, Html | string | undefined])[] = [
    ['consumer', member(report.consumer)],
    ['client', identifier(report.client)],
    ['provider', member(report.provider)],
    ['service', identifier(report.service)],
    ['method', identifier(report.method)],
    ['requestedAt', at(report.requestedAt)],
    ['answeredAt', at(report.answeredAt)],
    ['status', String(report.status)],
    ['agreement', report.agreement === undefined ? undefined : identifier(report.agreement)],
    ['purpose', report.purpose === undefined ? undefined : identifier(report.purpose)],
    ['exchange', identifier(report.exchange)],
    ['ledgers', html`${[report.consumer, report.provider].map((party) => ledgerLine(party, language))}`],
    [
      'digests',
      html`${[report.digests.request, report.digests.response].map((one) => html`<div>${identifier(one)}</div>`)}`,
    ],
  ];
  return summaryList({
    language,
    compact: true,
    rows: rows.flatMap(([key, value]) => (value === undefined ? [] : [{ key: say(factTexts[key]), value }])),
  });
}

function ledgerLine({ ledger, request, response }: EvidenceReport['consumer'], language: Language): Html {
  const numbers = [request.index, response.index].map((index) => formatNumber(index, language)).join(' · ');
  return html`<div>${identifier(ledger.name)} <bdi dir="ltr">${numbers}</bdi></div>`;
}

/** Whose anchor is in use, and by which letters one may compare it. */
export function anchorMarkup(given: Given, language: Language): string {
  const say = wordsIn(language);
  if (given.anchor === undefined) return String(html`<p class="muted">${say(texts.anchorNone)}</p>`);
  const parsed = parseAnchor(given.anchor.text);
  if (!parsed.ok)
    return String(
      warning({
        language,
        text: html`${say(texts.anchorWrong)} <bdi dir="ltr" lang="en">${parsed.error.detail}</bdi>`,
      }),
    );
  const rows = [
    { key: say(texts.instance), value: identifier(parsed.value.instance) },
    { key: say(texts.fingerprint), value: identifier(anchorFingerprint(parsed.value)) },
  ];
  return String(
    html`${summaryList({ language, compact: true, rows })}<p class="hint">${say(given.anchor.isOwn ? texts.anchorGiven : texts.anchorFrom)}</p>`,
  );
}

/** Whose requirements on witnesses are in use; empty where there are none. */
export function policyMarkup(given: Given, language: Language): string {
  if (given.policy === undefined) return '';
  const say = wordsIn(language);
  const parsed = parseWitnessPolicy(given.policy);
  if (!parsed.ok)
    return String(warning({ language, text: html`<bdi dir="ltr" lang="en">${parsed.error.detail}</bdi>` }));
  const { instance, required, witnesses } = parsed.value;
  const count = `${formatNumber(required, language)} / ${formatNumber(witnesses.length, language)}`;
  return String(html`<p>${say(texts.witnessesGiven)}: ${identifier(instance)} <bdi dir="ltr">${count}</bdi></p>`);
}
