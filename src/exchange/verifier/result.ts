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
import { describeProof, isFailure, type ProofReport } from '../evidence/any.ts';
import type { FailureParty } from '../evidence/failure-report.ts';
import { judgeEvidence, judgeTimestamps } from '../evidence/judge.ts';
import type { EvidenceRefusal } from '../evidence/report.ts';
import { describeTimestamps, refusedTimestamps, timestampStepName } from '../evidence/timestamp-words.ts';
import type { TimestampRefusal, TimestampReport } from '../evidence/timestamps.ts';
import { parseWitnessPolicy } from '../evidence/witnesses.ts';
import {
  describeRefusal,
  describeSteps,
  type EvidenceWords,
  type StepState,
  type ToldStep,
  unsaidSteps,
} from '../evidence/words.ts';
import { anchorFingerprint, decodeUtf8 } from '../trust/jws.ts';
import { parseAnchor } from '../trust/model.ts';
import { factTexts, stateTexts, verifierTexts as texts, wordsIn } from './texts.ts';

/** What a person has put into the page, as it came: everything here is hostile until it is parsed. */
export type Given = {
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  /** One, or one for each instance that the file is of. */
  readonly anchors?: readonly GivenAnchor[];
  readonly policies?: readonly string[];
  /** Each ledger in the file must bear a timestamp. */
  readonly timestamps?: boolean;
};

/** `isOwn`: of the person, not of the server of the page. */
export type GivenAnchor = { readonly text: string; readonly isOwn: boolean };

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

/** Those in use once another is given: it takes the place of that of its instance, and of what was no anchor. */
export function withAnchor(before: readonly GivenAnchor[], added: GivenAnchor): readonly GivenAnchor[] {
  return [...others(before, added, ({ text }) => parseAnchor(text)), added];
}

/** As `withAnchor`. */
export function withPolicy(before: readonly string[], added: string): readonly string[] {
  return [...others(before, added, parseWitnessPolicy), added];
}

function others<T>(
  before: readonly T[],
  added: T,
  parse: (one: T) => Result<{ readonly instance: string }, unknown>,
): readonly T[] {
  const instanceOf = (one: T) => {
    const parsed = parse(one);
    return parsed.ok ? parsed.value.instance : undefined;
  };
  return before.filter((one) => instanceOf(one) !== undefined && instanceOf(one) !== instanceOf(added));
}

export function textOf(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? '';
}

/** What the page says of the file: the verdict, each step, and what is proved. */
export async function resultMarkup(given: Given, language: Language): Promise<string> {
  const say = wordsIn(language);
  const { file, anchors = [] } = given;
  if (file === undefined) return String(html`<p class="muted">${say(texts.waiting)}</p>`);
  if (anchors.length === 0) return String(inset(say(texts.needsAnchor)));
  if (file.bytes.length > MAX_BYTES) return String(warning({ language, text: say(texts.tooLarge) }));
  const judged = await judge(
    file.bytes,
    anchors.map(({ text }) => text),
    given,
  );
  const words = wordsOf(judged, language);
  const { report } = judged;
  const note = report?.personalData === true ? warning({ language, text: words.note }) : html`<p>${words.note}</p>`;
  return String(
    html`<h2 class="visually-hidden">${say(texts.result)}</h2>${verdict({
      kind: report === undefined ? 'invalid' : 'valid',
      title: words.headline,
      text: html`${say(texts.checkedFile)} <bdi>${file.name}</bdi>`,
      below: true,
    })}${report === undefined ? nothing : note}${claimLists(words)}<h3>${say(texts.steps)}</h3>${stepList(toldSteps(judged, words, language), language)}${
      report === undefined ? nothing : html`<h3>${say(texts.facts)}</h3>${factList(report, language)}`
    }`,
  );
}

/** All steps, the timestamps last: what is refused at one of them has no report. */
type Judged = {
  readonly report?: ProofReport;
  readonly refusal?: EvidenceRefusal;
  readonly stamps?: TimestampReport;
  readonly stampRefusal?: TimestampRefusal;
};

async function judge(bytes: Uint8Array, anchors: readonly string[], { policies, timestamps }: Given): Promise<Judged> {
  const proof = judgeEvidence(bytes, anchors, policies);
  if (!proof.ok) return { refusal: proof.error };
  const stamps = await judgeTimestamps(bytes, anchors, timestamps === true);
  return stamps.ok ? { report: proof.value, stamps: stamps.value } : { stampRefusal: stamps.error };
}

function wordsOf({ report, refusal, stampRefusal }: Judged, language: Language): EvidenceWords {
  if (report !== undefined) return describeProof(report, language);
  if (refusal !== undefined) return describeRefusal(refusal, language);
  return refusedTimestamps(stampRefusal?.detail ?? '', language);
}

function toldSteps(
  { refusal, stamps, stampRefusal }: Judged,
  words: EvidenceWords,
  language: Language,
): readonly ToldStep[] {
  const step = { step: 'timestamps', name: timestampStepName(language), detail: undefined } as const;
  if (stampRefusal !== undefined) {
    const { detail } = stampRefusal;
    const [refused] = words.steps;
    return [...unsaidSteps(language), { ...step, state: 'refused', text: refused?.text ?? '', detail }];
  }
  const last: ToldStep =
    stamps === undefined
      ? { ...step, state: 'not-reached', text: '' }
      : { ...step, state: 'holds', text: describeTimestamps(stamps, language).text };
  return [...describeSteps(words, refusal, language), last];
}

const TONES = { holds: 'green', refused: 'red', 'not-reached': 'neutral' } as const satisfies Record<StepState, string>;

function claimLists({ claims = [] }: EvidenceWords): Html {
  const shown = claims.filter(({ items }) => items.length > 0);
  return html`${shown.map(({ title, items }) => html`<h3>${title}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`)}`;
}

function stepList(steps: readonly ToldStep[], language: Language): Html {
  const say = wordsIn(language);
  return taskList(
    steps.map(({ step, name, state, text, detail }) => ({
      id: `step-${step}`,
      title: name,
      hint: detail === undefined ? text : html`${text}<br><bdi dir="ltr" lang="en">${detail}</bdi>`,
      status: { text: say(stateTexts[state]), tone: TONES[state] },
    })),
  );
}

function factList(report: ProofReport, language: Language): Html {
  const say = wordsIn(language);
  const at = (instant: string) => formatDateTime(new Date(instant), language);
  const member = (party: Pick<FailureParty, 'member'> | undefined) =>
    party === undefined ? undefined : html`${textIn(party.member.name, language).text} ${identifier(party.member.id)}`;
  const code = (text: string | undefined) => (text === undefined ? undefined : identifier(text));
  const { consumer, provider } = report;
  const answer = isFailure(report) ? report.refusal : { at: report.answeredAt, status: report.status };
  const digests = isFailure(report) ? [report.digest] : [report.digests.request, report.digests.response];
  const rows: readonly (readonly [keyof typeof factTexts, Html | string | undefined])[] = [
    ['consumer', member(consumer)],
    ['client', code(report.client)],
    ['provider', member(provider)],
    ['service', code(report.service)],
    ['method', code(report.method)],
    ['requestedAt', at(report.requestedAt)],
    ['answeredAt', answer === undefined ? undefined : at(answer.at)],
    ['status', answer === undefined ? undefined : String(answer.status)],
    ['fault', isFailure(report) ? code(report.fault) : undefined],
    ['agreement', code(report.agreement)],
    ['purpose', code(report.purpose)],
    ['exchange', code(report.exchange)],
    [
      'ledgers',
      html`${[consumer, provider].map((party) => (party === undefined ? nothing : ledgerLine(party, language)))}`,
    ],
    ['digests', html`${digests.map((one) => html`<div>${identifier(one)}</div>`)}`],
  ];
  return summaryList({
    language,
    compact: true,
    rows: rows.flatMap(([key, value]) => (value === undefined ? [] : [{ key: say(factTexts[key]), value }])),
  });
}

type Place = { readonly index: number } | undefined;
type LedgerParty = {
  readonly ledger: { readonly name: string } | undefined;
  readonly request: Place;
  readonly response?: Place;
  readonly refusal?: Place;
};

function ledgerLine({ ledger, request, response, refusal }: LedgerParty, language: Language): Html {
  if (ledger === undefined) return nothing;
  const places = [request, response, refusal].filter((place) => place !== undefined);
  const numbers = places.map(({ index }) => formatNumber(index, language)).join(' · ');
  return html`<div>${identifier(ledger.name)} <bdi dir="ltr">${numbers}</bdi></div>`;
}

/** Whose anchors are in use, and by which letters one may compare them. */
export function anchorMarkup(given: Given, language: Language): string {
  const { anchors = [] } = given;
  if (anchors.length === 0) return String(html`<p class="muted">${wordsIn(language)(texts.anchorNone)}</p>`);
  return String(html`${anchors.map((one) => anchorEntry(one, language))}`);
}

function anchorEntry({ text, isOwn }: GivenAnchor, language: Language): Html {
  const say = wordsIn(language);
  const parsed = parseAnchor(text);
  if (!parsed.ok)
    return warning({
      language,
      text: html`${say(texts.anchorWrong)} <bdi dir="ltr" lang="en">${parsed.error.detail}</bdi>`,
    });
  const rows = [
    { key: say(texts.instance), value: identifier(parsed.value.instance) },
    { key: say(texts.fingerprint), value: identifier(anchorFingerprint(parsed.value)) },
  ];
  return html`${summaryList({ language, compact: true, rows })}<p class="hint">${say(isOwn ? texts.anchorGiven : texts.anchorFrom)}</p>`;
}

/** Whose requirements on witnesses are in use; empty where there are none. */
export function policyMarkup(given: Given, language: Language): string {
  return String(html`${(given.policies ?? []).map((one) => policyEntry(one, language))}`);
}

function policyEntry(text: string, language: Language): Html {
  const say = wordsIn(language);
  const parsed = parseWitnessPolicy(text);
  if (!parsed.ok) return warning({ language, text: html`<bdi dir="ltr" lang="en">${parsed.error.detail}</bdi>` });
  const { instance, required, witnesses } = parsed.value;
  const count = `${formatNumber(required, language)} / ${formatNumber(witnesses.length, language)}`;
  return html`<p>${say(texts.witnessesGiven)}: ${identifier(instance)} <bdi dir="ltr">${count}</bdi></p>`;
}
