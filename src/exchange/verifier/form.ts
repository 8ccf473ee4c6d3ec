import { LANGUAGES, type Language } from '../../kernel/index.ts';
import { checkbox, details, type Html, html, nothing, type Page } from '../../web/index.ts';
import { verifierTexts as texts, wordsIn } from './texts.ts';

export const VERIFY_PATH = '/verify';
/** The same document to keep. */
export const KEEP_PATH = '/verify/wasl-verify.html';

const COMMAND = './wasl evidence verify FILE --anchor ANCHOR.json… [--witnesses POLICY.json…] [--timestamps]';

/** The page in each language. Its moving parts, `data-…`, are filled by client/page.js. */
export function verifyPages(): Readonly<Record<Language, Page>> {
  const [ar, fr, en] = LANGUAGES.map(verifyPage) as [Page, Page, Page];
  return { ar, fr, en };
}

function verifyPage(language: Language): Page {
  const say = wordsIn(language);
  return {
    language,
    path: VERIFY_PATH,
    title: say(texts.title),
    homeHref: '#main',
    footer: [],
    main: html`<h1>${say(texts.title)}</h1><p class="lead">${say(texts.lead)}</p>
<noscript><div class="inset"><p>${say(texts.noScript)}</p><pre dir="ltr" tabindex="0"><code>${COMMAND}</code></pre></div></noscript>
<div data-form hidden>
${picker('file', say(texts.file), say(texts.fileHint))}
${picker('anchor', say(texts.anchor), say(texts.anchorHint), html`<div data-anchor></div>${details({ summary: say(texts.anchorPaste), body: pasteBox(language) })}`)}
${picker('policy', say(texts.witnesses), say(texts.witnessesHint), html`<div data-policy></div>`)}
${checkbox({ language, name: 'timestamps', label: say(texts.timestamps), hint: say(texts.timestampsHint) })}
<div data-result role="status"></div>
<p data-keep><a href="/${language}${KEEP_PATH}" download="wasl-verify.html">${say(texts.keep)}</a></p>
</div>`,
  };
}

/** Of anchors and policies there may be one for each instance. */
function picker(name: string, label: string, hint: string, more?: Html): Html {
  return html`<div class="field"><label for="${name}">${label}</label><p class="hint" id="${name}-hint">${hint}</p><input class="file" type="file" id="${name}" data-picker${more === undefined ? nothing : html` multiple`} accept="application/json,.json" aria-describedby="${name}-hint">${more ?? nothing}</div>`;
}

function pasteBox(language: Language): Html {
  return html`<textarea class="input" id="anchor-text" rows="4" dir="ltr" spellcheck="false" aria-label="${wordsIn(language)(texts.anchorPaste)}"></textarea>`;
}
