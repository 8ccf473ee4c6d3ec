import type { Language } from '../../kernel/index.ts';
import { attributes, type Html, html, nothing, type Text } from '../html.ts';
import { type IconName, icon } from '../icons.ts';
import { textsOf } from '../texts/index.ts';

/** Never colour alone: the words say the state, the colour only helps the eye. */
export type Tone = 'neutral' | 'green' | 'amber' | 'red' | 'blue';

export function tag(view: { readonly text: Text; readonly tone?: Tone | undefined }): Html {
  return html`<strong class="tag tag-${view.tone ?? 'neutral'}">${view.text}</strong>`;
}

export type ClockTone = 'on-time' | 'soon' | 'late' | 'paused' | 'done';

/** Each state has its own shape, so that it is told apart in black and white. */
const CLOCKS: Readonly<Record<ClockTone, IconName>> = {
  'on-time': 'clock',
  soon: 'warning',
  late: 'stop',
  paused: 'pause',
  done: 'check',
};

/** The state of a deadline: words, a shape and a colour. */
export function clockBadge(view: { readonly tone: ClockTone; readonly text: Text }): Html {
  return html`<span class="clock clock-${view.tone}">${icon(CLOCKS[view.tone])}<span>${view.text}</span></span>`;
}

/** "Step 2 of 4", with the steps drawn. The names of the steps are optional. */
export function stepProgress(view: {
  readonly language: Language;
  readonly step: number;
  readonly steps: number;
  readonly name?: Text | undefined;
}): Html {
  const texts = textsOf(view.language);
  const bars = Array.from(
    { length: view.steps },
    (_, index) =>
      html`<span class="step${index + 1 < view.step ? ' step-done' : index + 1 === view.step ? ' step-now' : ''}"></span>`,
  );
  return html`<div class="steps"><p class="steps-text">${texts.stepOf(view.step, view.steps)}${
    view.name === undefined ? nothing : html`<span class="steps-name">${view.name}</span>`
  }</p><div class="steps-bars" aria-hidden="true">${bars}</div></div>`;
}

/** The stages of a long process, with what is done and what is now said in words too. */
export function stageList(view: {
  readonly language: Language;
  readonly stages: readonly {
    readonly text: Text;
    readonly state: 'done' | 'current' | 'ahead';
    readonly note?: Text;
  }[];
}): Html {
  const texts = textsOf(view.language);
  return html`<ol class="stages">${view.stages.map((stage) => {
    const said = stage.state === 'done' ? texts.stepDone : stage.state === 'current' ? texts.stepCurrent : undefined;
    return html`<li class="stage stage-${stage.state}"${attributes({ 'aria-current': stage.state === 'current' ? 'step' : undefined })}><span class="stage-dot">${
      stage.state === 'done' ? icon('check') : nothing
    }</span><span class="stage-text">${stage.text}${said === undefined ? nothing : html`<span class="visually-hidden"> (${said})</span>`}${
      stage.note === undefined ? nothing : html`<span class="stage-note">${stage.note}</span>`
    }</span></li>`;
  })}</ol>`;
}
