import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyEvidenceFiles } from '../../exchange/index.ts';
import { signInAs } from '../../identity/index.ts';
import { verifyExport } from '../../ledger/index.ts';
import { exportKeptLog, verifyKeptLog } from '../parts/logs-kept.ts';
import type { Wasl } from '../parts/wasl.ts';
import { attribute, attributeIn, tagsWith, type Visit, type Visitor, visitor } from './browser.ts';

export type DemoResult = {
  readonly dossier: string;
  readonly receipt: {
    readonly number: string;
    readonly filedAt: string;
    readonly deadline: string;
    readonly pdf: string;
    readonly sha256: string;
  };
  readonly documents: readonly { readonly name: string; readonly source: string; readonly exchangeId: string }[];
  readonly decision: string;
  readonly attestation: { readonly pdf: string; readonly jws: string; readonly verifyUrl: string };
  readonly evidence: readonly string[];
  readonly anchor: string;
  readonly ledgers: readonly {
    readonly name: string;
    readonly size: number;
    readonly root: string;
    readonly dir: string;
  }[];
  readonly seconds: number;
};

type Say = (step: string) => void;

const CITIZEN = 'AB123456';
const AGENT = 'EF345678';
const PROCEDURE = 'certificat-residence';
const HOLDERS: Readonly<Record<string, string>> = { identity: 'MA/GOV/DGSN', birth: 'MA/GOV/CIVIL' };

/** The journey of DESIGN 1 over real sockets. Each step checks its result and throws when it is not what it must be. */
export async function playJourney(wasl: Wasl, dir: string, say: Say): Promise<DemoResult> {
  const from = performance.now();
  await mkdir(dir, { recursive: true });
  const citizen = visitor(wasl.portalUrl, await signInAs(wasl.portalUrl, CITIZEN));
  say('the citizen signs in (simulated identity)');
  const dossier = await chooseProcedure(citizen, say);
  const documents = await obtainDocuments(citizen, dossier, say);
  await fillForm(citizen, dossier, say);
  const receipt = await fileRequest(citizen, dossier, dir, say);
  const decision = await decide(wasl, dossier, receipt.number, say);
  const attestation = await collectCertificate(wasl, citizen, dossier, dir, say);
  await seeDataUse(citizen, documents, say);
  const proof = await audit(wasl, documents, dir, say);
  const seconds = Math.round((performance.now() - from) / 10) / 100;
  return { dossier, receipt, documents, decision, attestation, ...proof, seconds };
}

/** One request from search to receipt, for tests that need many. */
export async function fileOne(
  citizen: Visitor,
  dir: string,
): Promise<{ readonly dossier: string; readonly number: string; readonly exchanges: readonly string[] }> {
  const quiet = () => {};
  await mkdir(dir, { recursive: true });
  const dossier = await chooseProcedure(citizen, quiet, true);
  const documents = await obtainDocuments(citizen, dossier, quiet);
  await fillForm(citizen, dossier, quiet);
  const { number } = await fileRequest(citizen, dossier, dir, quiet);
  return { dossier, number, exchanges: documents.map((one) => one.exchangeId) };
}

function expectPage(visit: Visit, path: RegExp, what: string): Visit {
  assert.equal(visit.status, 200, `${what}: status ${visit.status} at ${visit.path}`);
  assert.match(visit.path, path, `${what}: ended at ${visit.path}`);
  return visit;
}

async function chooseProcedure(citizen: Visitor, say: Say, anew = false): Promise<string> {
  const found = expectPage(
    await citizen.get(`/ar/procedures?q=${encodeURIComponent('شهادة السكنى')}`),
    /procedures/,
    'search',
  );
  const first = /href="\/ar\/procedures\/([\w-]+)"/.exec(found.html)?.[1];
  assert.equal(first, PROCEDURE, 'the certificate of residence is the first result');
  const path = `/ar/procedures/${PROCEDURE}/start`;
  const offer = await citizen.get(path);
  // With a draft there already the page offers to resume it; a new one is a post.
  const isOffered = anew && offer.path === path;
  const started = expectPage(
    isOffered ? await citizen.submit(path, offer, {}) : offer,
    /^\/ar\/requests\/[\w-]+\/documents$/,
    'start',
  );
  say('picks «شهادة السكنى» in Arabic and starts a request');
  return started.path.split('/')[3] ?? '';
}

async function obtainDocuments(citizen: Visitor, dossier: string, say: Say): Promise<DemoResult['documents']> {
  const path = `/ar/requests/${dossier}/documents`;
  const before = await citizen.get(path);
  assert.equal(tagsWith(before.html, 'data-state').length, 0, 'nothing is fetched before the citizen knows');
  say('reads which administrations will be asked for what, and agrees');
  const after = expectPage(await citizen.submit(path, before, {}), /\/documents$/, 'documents');
  const documents = tagsWith(after.html, 'data-document').map((tag) => {
    const name = attribute(tag, 'data-document') ?? '';
    assert.equal(attribute(tag, 'data-state'), 'obtained', `${name} is obtained`);
    const exchangeId = attribute(tag, 'data-exchange') ?? '';
    assert.match(exchangeId, /^[\w-]{36}$/, `${name} has an exchange`);
    return { name, source: HOLDERS[name] ?? '', exchangeId };
  });
  assert.equal(documents.length, 2, 'two documents come over the exchange');
  for (const one of documents) say(`obtains ${one.name} from ${one.source}, exchange ${one.exchangeId}`);
  return documents;
}

const ANSWERS: readonly Readonly<Record<string, string>>[] = [
  { purpose: 'bank' },
  { 'residentSince-day': '1', 'residentSince-month': '9', 'residentSince-year': '2019' },
  { proofKind: 'declaration' },
  { addressDeclaration: 'yes' },
  { phone: '٠٦١٢٣٤٥٦٧٨' },
];

async function fillForm(citizen: Visitor, dossier: string, say: Say): Promise<void> {
  for (const [nth, answers] of ANSWERS.entries()) {
    const path = `/ar/requests/${dossier}/steps/${nth + 1}`;
    const page = expectPage(await citizen.get(path), /steps/, `step ${nth + 1}`);
    if (nth === 1)
      assert.match(page.html, /name="address" value="[^"]{5}/, 'the address is prefilled from the identity register');
    expectPage(
      await citizen.submit(path, page, { ...answers, ...declarationOf(page) }),
      nth + 1 === ANSWERS.length ? /\/check$/ : /\/steps\/\d$/,
      `step ${nth + 1}`,
    );
  }
  say('answers five pages of questions, the address already filled in');
}

/** A tick box sends whatever value the page gives it. */
function declarationOf(page: Visit): Record<string, string> {
  const box =
    /<input\b[^>]*type="checkbox"[^>]*name="addressDeclaration"[^>]*>|<input\b[^>]*name="addressDeclaration"[^>]*type="checkbox"[^>]*>/.exec(
      page.html,
    )?.[0];
  return box === undefined ? {} : { addressDeclaration: attribute(box, 'value') ?? 'on' };
}

async function fileRequest(citizen: Visitor, dossier: string, dir: string, say: Say): Promise<DemoResult['receipt']> {
  const check = expectPage(await citizen.get(`/ar/requests/${dossier}/check`), /check/, 'check');
  say('checks the answers');
  const path = `/ar/requests/${dossier}/file`;
  const [page, twice] = await Promise.all([citizen.submit(path, check, {}), citizen.submit(path, check, {})]);
  const receipt = expectPage(page, /\/receipt$/, 'file');
  const number = attributeIn(receipt.html, 'data-receipt-number') ?? '';
  assert.match(number, /^R-\d{4}-\d{6}-[0-9A-Z]$/);
  assert.equal(attributeIn(twice.html, 'data-receipt-number'), number, 'a double click files once');
  const pdf = join(dir, 'receipt.pdf');
  const bytes = await citizen.download(`/ar/requests/${dossier}/receipt-ar.pdf`);
  assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  await writeFile(pdf, bytes);
  const again = await citizen.download(`/ar/requests/${dossier}/receipt-ar.pdf`);
  assert.ok(again.equals(bytes), 'the receipt has the same bytes each time');
  const verifyUrl = attributeIn(receipt.html, 'data-verify') ?? '';
  assert.match(await (await fetch(verifyUrl)).text(), new RegExp(number), 'the receipt’s public page knows it');
  const deadline = attributeIn(receipt.html, 'data-deadline') ?? '';
  assert.match(deadline, /^\d{4}-\d{2}-\d{2}$/);
  const filedAt = await filedAtOf(citizen, dossier);
  say(`files, and gets receipt ${number}: answer by ${deadline}`);
  return { number, filedAt, deadline, pdf, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function filedAtOf(citizen: Visitor, dossier: string): Promise<string> {
  const page = await citizen.get(`/ar/requests/${dossier}`);
  const filed = attributeIn(page.html, 'data-filed-at') ?? '';
  assert.ok(!Number.isNaN(Date.parse(filed)), 'the page says when the request was filed');
  return filed;
}

async function decide(wasl: Wasl, dossier: string, number: string, say: Say): Promise<string> {
  const agent = visitor(wasl.portalUrl, await signInAs(wasl.portalUrl, AGENT));
  const inbox = expectPage(await agent.get('/ar/agent'), /agent/, 'inbox');
  assert.ok(inbox.html.includes(dossier) && inbox.html.includes(number), 'the dossier is in the inbox of its office');
  say('an agent of the office sees the dossier with its clock');
  const page = expectPage(await agent.get(`/ar/agent/${dossier}`), /agent/, 'dossier');
  const confirm = expectPage(
    await agent.submit(`/ar/agent/${dossier}/decide`, page, { kind: 'accept', remark: '' }),
    /decide$/,
    'confirm',
  );
  expectPage(await agent.submit(`/ar/agent/${dossier}/decide/confirm`, confirm, {}), /\/agent\/[\w-]+$/, 'decide');
  say('decides, after confirming: accepted');
  return 'accepted';
}

async function collectCertificate(
  wasl: Wasl,
  citizen: Visitor,
  dossier: string,
  dir: string,
  say: Say,
): Promise<DemoResult['attestation']> {
  const page = await citizen.get(`/ar/requests/${dossier}`);
  const link = tagsWith(page.html, 'data-verify').map((tag) => attribute(tag, 'href'))[0];
  assert.ok(link !== undefined, 'the request shows the certificate');
  const [path = ''] = link.split('?');
  const [pdf, jws] = [join(dir, 'certificate.pdf'), join(dir, 'certificate.jws')];
  const bytes = await citizen.download(`/ar/requests/${dossier}/certificate-ar.pdf`);
  const text = (await citizen.download(`${path}.jws`)).toString('utf8');
  await Promise.all([writeFile(pdf, bytes), writeFile(jws, text)]);
  await checkSeal(wasl, text, bytes);
  const verifyUrl = new URL(path, wasl.portalUrl).href;
  const publicPage = await (await fetch(`${verifyUrl}?lang=ar`)).text();
  assert.match(
    publicPage,
    new RegExp(createHash('sha256').update(bytes).digest('hex')),
    'the public page shows the file’s digest',
  );
  assert.doesNotMatch(publicPage, /AB123456|الزياني|Ziani/, 'the public page does not name the person');
  say(`the citizen gets the signed certificate; anybody can verify it at ${verifyUrl}`);
  return { pdf, jws, verifyUrl };
}

async function checkSeal(wasl: Wasl, jws: string, pdf: Buffer): Promise<void> {
  const [head = '', body = '', signature = ''] = jws.split('.');
  const { keys } = (await (await fetch(`${wasl.portalUrl}/.well-known/jwks.json`)).json()) as {
    keys: { kid: string }[];
  };
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
  const jwk = keys.find((key) => key.kid === kid);
  assert.ok(jwk !== undefined, 'the seal’s key is published');
  const key = createPublicKey({ key: jwk as never, format: 'jwk' });
  assert.ok(
    verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    ),
    'the seal verifies',
  );
  const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as { pdf: { ar: string } };
  assert.equal(payload.pdf.ar, createHash('sha256').update(pdf).digest('base64url'), 'the seal is of this file');
}

async function seeDataUse(citizen: Visitor, documents: DemoResult['documents'], say: Say): Promise<void> {
  const page = expectPage(await citizen.get('/ar/data-use'), /data-use/, 'who used my data');
  for (const one of documents) assert.ok(page.html.includes(one.exchangeId), `the exchange ${one.exchangeId} is shown`);
  assert.ok(page.html.includes('annexe-administrative'), 'the agent’s look at the request is shown');
  say('sees every administration that used their data, when, why and under which agreement');
}

type Proof = Pick<DemoResult, 'evidence' | 'anchor' | 'ledgers'>;

async function audit(wasl: Wasl, documents: DemoResult['documents'], dir: string, say: Say): Promise<Proof> {
  const evidence: string[] = [];
  for (const one of documents) {
    const file = join(dir, `evidence-${one.name}.json`);
    const bytes = await wasl.exportEvidence(one.exchangeId);
    assert.ok(bytes !== undefined, `${one.exchangeId} has evidence`);
    await writeFile(file, bytes);
    const verified = await verifyEvidenceFiles(file, wasl.anchorFile);
    assert.ok(verified.ok, verified.ok ? '' : `${file}: ${verified.error.step}: ${verified.error.detail}`);
    evidence.push(file);
    say(`an auditor verifies the proof of ${one.name} offline: ${bytes.length} bytes`);
  }
  const ledgers = [];
  for (const log of wasl.logs) {
    const verified = await verifyKeptLog(wasl.storage, log);
    const out = join(dir, 'ledgers', log.name);
    await exportKeptLog(wasl.storage, log, out);
    const outside = await verifyExport(out, log.vkey);
    assert.ok(outside.ok && outside.value.size === verified.size, `the exported files of ${log.name} verify`);
    ledgers.push({ ...verified, dir: out });
  }
  say(`the whole chain verifies: ${ledgers.map((one) => `${one.name} ${one.size}`).join(', ')} entries`);
  return { evidence, anchor: wasl.anchorFile, ledgers };
}
