import { type Html, html } from './html.ts';

/**
 * The khatim, the eight-pointed star of two crossed squares: on the home page and on certificates, nowhere else.
 * The inner radius of a star polygon {8/k} is R·cos(kπ/8)/cos((k-1)π/8).
 */
const EIGHTH = Math.PI / 4;

function point(radius: number, angle: number): string {
  const x = 100 + radius * Math.sin(angle);
  const y = 100 - radius * Math.cos(angle);
  return `${Number(x.toFixed(1))} ${Number(y.toFixed(1))}`;
}

function starPath(radius: number, step: 2 | 3, turn = 0): string {
  const inner = (radius * Math.cos((step * Math.PI) / 8)) / Math.cos(((step - 1) * Math.PI) / 8);
  const points = Array.from({ length: 16 }, (_, i) =>
    point(i % 2 === 0 ? radius : inner, turn * EIGHTH + (i * EIGHTH) / 2),
  );
  return `M${points.join('L')}Z`;
}

function squarePath(radius: number, turn: number): string {
  return `M${[0, 2, 4, 6].map((i) => point(radius, (i + turn) * EIGHTH)).join('L')}Z`;
}

const INNER = 99 * (Math.cos(Math.PI / 4) / Math.cos(Math.PI / 8));
const LINES = [
  starPath(99, 2),
  squarePath(94, 0),
  squarePath(94, 1),
  starPath(INNER - 4, 3, 0.5),
  starPath(30, 2),
].join('');

const OUTLINE = starPath(99, 2);

/** Fine lines, for a large place beside the first words of the home page or behind a certificate's head. */
export const khatim: Html = html`<svg class="khatim" viewBox="0 0 200 200" width="200" height="200" aria-hidden="true" focusable="false"><path d="${LINES}"/></svg>`;

/** The plain outline, small and filled, for a certificate's seal. */
export const khatimSeal: Html = html`<svg class="khatim-seal" viewBox="0 0 200 200" width="64" height="64" aria-hidden="true" focusable="false"><path d="${OUTLINE}"/><path class="khatim-seal-tick" d="m64 104 26 26 48-56"/></svg>`;
