import { type Expression, reader } from '../../forms/index.ts';
import type { LegalSettings } from './legal-settings.ts';
import type { Deadline, Extension, Silence, Stage } from './procedure.ts';
import { PROVENANCE_KEYS, readProvenance } from './provenance-reader.ts';

const { flag, listOf, localText, oneOf, record, report, text, wholeNumber, withDefault } = reader;

/** Law 55-19: at most 60 days, 30 on the investment list; the figures come from the settings, with their certainty. */
export function readDeadline(
  place: reader.Place,
  legal: LegalSettings,
  condition: (place: reader.Place) => Expression | undefined,
): Deadline {
  const of = record(place, ['days', 'dayKind', 'investmentList', 'basis', 'cases', 'stages', ...PROVENANCE_KEYS]);
  const investmentList = withDefault(of('investmentList'), false, flag);
  const most = investmentList ? legal.maximumDaysInvestment : legal.maximumDays;
  const readDays = (at: reader.Place) => withinLaw(at, most, investmentList);
  const readCase = (at: reader.Place) => {
    const inner = record(at, ['when', 'days', 'label']);
    return { when: condition(inner('when')), days: readDays(inner('days')), label: localText(inner('label'), 300) };
  };
  const cases = withDefault(of('cases'), [], (list) => listOf(list, readCase, { max: 10 }));
  return {
    days: readDays(of('days')),
    dayKind: withDefault(of('dayKind'), legal.dayKind, (at) => oneOf(at, ['calendar', 'working'])),
    investmentList,
    basis: oneOf(of('basis'), ['authority', 'law-ceiling']),
    cases: cases.flatMap(({ when, ...rest }) => (when === undefined ? [] : [{ when, ...rest }])),
    stages: withDefault(of('stages'), [], (list) => listOf(list, (at) => readStage(at, readDays), { max: 10 })),
    provenance: readProvenance(of),
  };
}

function withinLaw(place: reader.Place, most: number, investmentList: boolean): number {
  if (typeof place.value === 'number' && Number.isInteger(place.value) && place.value > most) {
    const text = investmentList ? 'law 55-19, investment list of decree 2.22.385' : 'law 55-19';
    report(
      place,
      `must be at most ${most} (${text}), is ${place.value}`,
      `write the authority's own delay, from 1 to ${most}`,
    );
    return most;
  }
  return wholeNumber(place, 1, most);
}

function readStage(place: reader.Place, readDays: (place: reader.Place) => number): Stage {
  const of = record(place, ['id', 'who', 'days', 'dayKind', ...PROVENANCE_KEYS]);
  return {
    id: text(of('id'), 60),
    who: localText(of('who'), 300),
    days: readDays(of('days')),
    dayKind: oneOf(of('dayKind'), ['calendar', 'working']),
    provenance: readProvenance(of),
  };
}

export function readSilence(place: reader.Place): Silence {
  if (place.value === 'none') return { kind: 'none' };
  if (typeof place.value === 'string') {
    report(
      place,
      `must be none or a mapping, is "${place.value}"`,
      'write none, or acceptance with listRef and attestedBy',
    );
    return { kind: 'none' };
  }
  const of = record(place, ['acceptance']);
  const inner = record(of('acceptance'), ['listRef', 'attestedBy', ...PROVENANCE_KEYS]);
  return {
    kind: 'acceptance',
    listRef: localText(inner('listRef'), 400),
    attestedBy: localText(inner('attestedBy'), 300),
    provenance: readProvenance(inner),
  };
}

export function readExtension(place: reader.Place): Extension {
  const of = record(place, ['listRef', 'maxDays', ...PROVENANCE_KEYS]);
  return {
    listRef: localText(of('listRef'), 400),
    maxDays: wholeNumber(of('maxDays'), 1, 365),
    provenance: readProvenance(of),
  };
}
