// Sign-in and registration with a passkey; the browser's half of /operator/v1/sign-in and /enrolment.
const { startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;
const form = document.querySelector('form[data-passkey]');
const status = form.querySelector('[role=status]');

/** Posts JSON; a refusal is thrown with its status. */
async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw Object.assign(new Error(path), { status: answer.status });
  return answer.json();
}

async function signIn() {
  const optionsJSON = await post('/operator/v1/sign-in/options', {});
  await post('/operator/v1/sign-in', await startAuthentication({ optionsJSON }));
}

async function enrol() {
  const link = location.hash.slice(1);
  if (link === '') throw Object.assign(new Error('no link'), { say: form.dataset.noLink });
  const optionsJSON = await post('/operator/v1/enrolment/options', { link });
  await post('/operator/v1/enrolment', { link, credential: await startRegistration({ optionsJSON }) });
}

function wordsFor(fault) {
  if (fault.say !== undefined) return fault.say;
  if (fault.status !== undefined) return form.dataset.refused;
  return fault instanceof TypeError ? form.dataset.unreachable : form.dataset.cancelled;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  status.textContent = '';
  try {
    await (form.dataset.passkey === 'enrol' ? enrol() : signIn());
    const kept = document.querySelector('form[data-kept]');
    // A field may be called "submit" and hide the form's own.
    if (kept !== null) HTMLFormElement.prototype.submit.call(kept);
    else location.replace(form.dataset.next);
  } catch (fault) {
    status.textContent = wordsFor(fault);
    button.disabled = false;
    button.focus();
  }
});
