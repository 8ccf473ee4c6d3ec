import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { err, type Json, ok } from '../../src/kernel/index.ts';
import { createLog, logSigner } from '../../src/ledger/index.ts';
import { type Database, openFiles, openPdf, type SendOptions, silentLog } from '../../src/platform/index.ts';
import type { Actor, CallExchange, ProceduresDeps } from '../../src/procedures/service/deps.ts';
import { AMINA, BIRTH_DATA, IDENTITY_DATA, shippedCatalogue } from './procedures.ts';

type Asked = Parameters<CallExchange>[0];
type Answered = Awaited<ReturnType<CallExchange>>;
export type SentJob = { readonly name: string; readonly data: object; readonly options: SendOptions };

/** The services' surroundings: a real database, ledger, files and typesetter; administrations and time are ours. */
export type TestPortal = {
  readonly deps: ProceduresDeps;
  /** What was asked over the exchange, in order. */
  readonly asked: Asked[];
  /** Jobs that wait. As in the real queue, a second one with the key of the first is not there. */
  readonly jobs: SentJob[];
  /** What each service answers: JSON, or why it does not. */
  readonly answers: Map<string, Json | 'unavailable' | 'refused' | 'not-found'>;
  setClock(instant: string): void;
};

export const IDENTITY = 'MA/GOV/DGSN/identity/person-record';
export const BIRTH = 'MA/GOV/CIVIL/registry/birth-record';
export const OFFICE = 'annexe-administrative';

const nationalIds: Readonly<Record<string, string>> = { amina: AMINA.nationalId, karim: 'CD234567' };

export function actor(personId: string, offices: readonly string[] = []): Actor {
  return { personId, name: { ar: AMINA.fullNameAr, fr: AMINA.fullNameFr }, birthDate: AMINA.birthDate, offices };
}

export const LEDGER_SIGNER = logSigner('test.example/acts', generateKeyPairSync('ed25519').privateKey);

const FILES = mkdtempSync(join(tmpdir(), 'wasl-procedures-test-'));
process.once('exit', () => rmSync(FILES, { recursive: true, force: true }));

/** Needs the migrations `ledger` and `procedures`. */
export async function openTestPortal(db: Database, now: string): Promise<TestPortal> {
  const asked: Asked[] = [];
  const jobs: SentJob[] = [];
  const answers: TestPortal['answers'] = new Map<string, Json>([
    [IDENTITY, IDENTITY_DATA],
    [BIRTH, BIRTH_DATA],
  ]);
  let instant = new Date(now);
  await createLog(db, 'acts', LEDGER_SIGNER);
  const deps: ProceduresDeps = {
    db,
    catalogue: shippedCatalogue(),
    callExchange: async (input) => {
      asked.push(input);
      return answerOf(answers.get(input.service) ?? 'unavailable', asked.length);
    },
    listMembers: async () => [],
    nationalIdOf: async (personId) => nationalIds[personId],
    log: silentLog,
    ledger: { name: 'acts', signer: LEDGER_SIGNER },
    files: await openFiles(FILES),
    jobs: {
      define: async () => {},
      every: async () => {},
      close: async () => {},
      send: async (name, data, options = {}) => {
        const isThere = jobs.some((job) => job.name === name && job.options.key === options.key);
        if (!isThere) jobs.push({ name, data, options });
      },
    },
    pdf: openPdf(),
    sealing: { kid: 'test-key', key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
    clock: () => instant,
    newId: randomUUID,
    randomBytes,
    baseUrl: () => 'https://wasl.example',
    demonstration: true,
  };
  return {
    deps,
    asked,
    jobs,
    answers,
    setClock: (text) => {
      instant = new Date(text);
    },
  };
}

function answerOf(answer: Json, nth: number): Answered {
  if (answer === 'unavailable' || answer === 'refused' || answer === 'not-found')
    return err({ kind: answer, detail: 'as the test says' });
  return ok({ status: 200, json: answer, exchangeId: `exchange-${nth}`, agreement: 'agreement-1' });
}
