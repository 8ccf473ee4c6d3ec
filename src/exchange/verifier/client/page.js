// Reads files that a person drops, chooses or pastes, and shows what the verifier says of them. Nothing leaves the page:
// its policy forbids every connection.
import { anchorMarkup, kindOf, policyMarkup, resultMarkup, textOf, withAnchor, withPolicy } from '../browser/entry.ts';

const dataOf = (name) => JSON.parse(document.getElementById(`data-${name}`)?.textContent ?? 'null');
const preloaded = dataOf('anchors') ?? [];
const given = { anchors: preloaded.map((one) => ({ text: JSON.stringify(one), isOwn: false })), policies: [] };
let pasted = '';
const body = document.querySelector('[data-body]');
const language = () => document.documentElement.lang;

/** What is pasted counts as it stands, letter by letter, beside those that were chosen. */
function inUse() {
  if (pasted.trim() === '') return given;
  return { ...given, anchors: withAnchor(given.anchors, { text: pasted, isOwn: true }) };
}

let turn = 0;

async function show() {
  const shown = inUse();
  const put = (place, markup) => {
    body.querySelector(place).innerHTML = markup;
  };
  put('[data-anchor]', anchorMarkup(shown, language()));
  put('[data-policy]', policyMarkup(shown, language()));
  // No verdict stands beside what it was not about; what was given while it was made has a turn of its own.
  put('[data-result]', '');
  turn += 1;
  const own = turn;
  const markup = await resultMarkup(shown, language());
  if (own === turn) put('[data-result]', markup);
}

/** Larger files are no proof; they are not even read. */
const LIMIT = 1_000_000;

/** `place` says for which box it was chosen; what is dropped tells by itself what it is. */
async function take(file, place) {
  const bytes = new Uint8Array(await file.slice(0, LIMIT).arrayBuffer());
  const kind = place ?? kindOf(bytes);
  if (kind === 'anchor') given.anchors = withAnchor(given.anchors, { text: textOf(bytes), isOwn: true });
  else if (kind === 'policy') given.policies = withPolicy(given.policies, textOf(bytes));
  else given.file = { name: file.name, bytes };
  await show();
  if (kind !== 'anchor' && kind !== 'policy') body.querySelector('[data-result]').scrollIntoView();
}

/** After each change of the language the elements are others. */
function bind() {
  body.querySelector('[data-form]').hidden = false;
  // A copy that was kept is its own copy already.
  body.querySelector('[data-keep]').hidden = location.protocol === 'file:';
  for (const input of body.querySelectorAll('[data-picker]')) {
    input.addEventListener('change', async () => {
      for (const file of input.files) await take(file, input.id);
    });
  }
  body.querySelector('#anchor-text').addEventListener('input', (event) => {
    pasted = event.target.value;
    void show();
  });
  const demanded = body.querySelector('#timestamps');
  demanded.checked = given.timestamps === true;
  demanded.addEventListener('change', () => {
    given.timestamps = demanded.checked;
    void show();
  });
  for (const link of body.querySelectorAll('.languages a')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      speak(link.hreflang);
    });
  }
  void show();
}

function speak(other) {
  const template = document.querySelector(`template[data-language="${other}"]`);
  document.documentElement.lang = other;
  document.documentElement.dir = template.dataset.direction;
  document.title = template.dataset.title;
  body.replaceChildren(template.content.cloneNode(true));
  bind();
}

const over = (isOver) => body.classList.toggle('drop-over', isOver);
addEventListener('dragover', (event) => {
  event.preventDefault();
  over(true);
});
addEventListener('dragleave', () => over(false));
addEventListener('drop', async (event) => {
  event.preventDefault();
  over(false);
  for (const file of event.dataTransfer.files) await take(file);
});

bind();
