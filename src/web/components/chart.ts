import type { Language } from '../../kernel/index.ts';
import { type Html, html, nothing, type Text } from '../html.ts';
import { formatDate, formatNumber, formatTime } from '../language.ts';

export type Series = {
  readonly name: string;
  /** One for each instant; undefined leaves a gap, since nothing was measured there. */
  readonly values: readonly (number | undefined)[];
};

export type LineChart = {
  readonly language: Language;
  /** What is drawn and where its figures are, for those who do not see it. */
  readonly label: string;
  readonly caption: Text;
  /** In order, evenly apart. */
  readonly instants: readonly Date[];
  /** Four at most: each has its own colour and its own dashes, so that print and colour-blind eyes tell them apart. */
  readonly series: readonly Series[];
  readonly unit?: string | undefined;
};

const WIDTH = 720;
const HEIGHT = 240;
const PLOT = { left: 56, right: 12, top: 12, bottom: 28 };
const LINES = 4;
const HOURS_OF_TIMES = 36;

/**
 * Lines over time as SVG in the page: it takes the page's type, needs no script and no inline style, and prints. Time
 * runs from left to right in every language, as clocks and ledgers do here.
 */
export function lineChart(view: LineChart): Html {
  const top = ceilingOf(view.series.flatMap((one) => one.values.map((value) => value ?? 0)));
  const x = (index: number) =>
    PLOT.left + (index / Math.max(1, view.instants.length - 1)) * (WIDTH - PLOT.left - PLOT.right);
  const y = (value: number) => HEIGHT - PLOT.bottom - (value / top) * (HEIGHT - PLOT.top - PLOT.bottom);
  return html`<figure class="chart"><figcaption class="chart-caption">${view.caption}</figcaption>${legend(view)}<div class="chart-scroll" tabindex="0" role="group" aria-label="${view.label}"><svg class="chart-picture" viewBox="0 0 ${WIDTH} ${HEIGHT}" direction="ltr" focusable="false" aria-hidden="true">${levels(view, top, y)}${times(view, x)}${view.series.map((one, index) => line(one, index, x, y))}</svg></div></figure>`;
}

function legend({ series }: LineChart): Html {
  return html`<ul class="chart-legend">${series.map(
    (one, index) =>
      html`<li><svg viewBox="0 0 28 8" width="28" height="8" aria-hidden="true" focusable="false"><path class="chart-line chart-line-${index % LINES}" d="M0 4H28"/></svg> ${one.name}</li>`,
  )}</ul>`;
}

/** The next round number above all values: 1, 2 or 5 by a power of ten; never nought, which would divide. */
export function ceilingOf(values: readonly number[]): number {
  const most = Math.max(1, ...values);
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((step) => step * power >= most) ?? 10) * power;
}

function levels({ language, unit }: LineChart, top: number, y: (value: number) => number): Html {
  return html`${[0, 0.5, 1].map((share) => {
    const at = y(share * top).toFixed(1);
    const text = `${formatNumber(share * top, language, 1)}${unit === undefined || share < 1 ? '' : ` ${unit}`}`;
    return html`<path class="chart-level" d="M${PLOT.left} ${at}H${WIDTH - PLOT.right}"/><text class="chart-text" x="${PLOT.left - 8}" y="${at}" text-anchor="end" dominant-baseline="middle">${text}</text>`;
  })}`;
}

function times({ instants, language }: LineChart, x: (index: number) => number): Html {
  const [first] = instants;
  const last = instants.at(-1);
  if (first === undefined || last === undefined) return nothing;
  const isShort = last.getTime() - first.getTime() <= HOURS_OF_TIMES * 3_600_000;
  const step = Math.max(1, Math.round(instants.length / 6));
  return html`${instants.map((at, index) =>
    index % step === 0 && index + step / 2 < instants.length
      ? html`<text class="chart-text" x="${x(index).toFixed(1)}" y="${HEIGHT - 8}" text-anchor="${index === 0 ? 'start' : 'middle'}">${isShort ? formatTime(at, language) : formatDate(at, language, 'short')}</text>`
      : nothing,
  )}`;
}

/** A value between two gaps is a short dash: a line of one point would not be seen. */
function line(series: Series, index: number, x: (index: number) => number, y: (value: number) => number): Html {
  let path = '';
  series.values.forEach((value, at) => {
    if (value === undefined) return;
    const place = `${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    const isFirst = at === 0 || series.values[at - 1] === undefined;
    const isAlone = isFirst && series.values[at + 1] === undefined;
    path += `${isFirst ? 'M' : 'L'}${place}${isAlone ? 'm-3 0h6' : ''}`;
  });
  return html`<path class="chart-line chart-line-${index % LINES}" d="${path}"/>`;
}
