import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onEachDatabase } from '../../../test/support/database.ts';
import { actor, openTestPortal, type TestPortal } from '../../../test/support/portal.ts';
import { FILED_AT } from '../../../test/support/procedures.ts';
import type { FileAnswer } from '../../forms/index.ts';
import { Problem, unwrap } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { listFiles } from '../store/publication.ts';
import { startDossier } from './filing.ts';
import { downloadFile, keepUploads, receiveUploads } from './uploading.ts';

const amina = actor('amina');
const isNotFound = (cause: unknown) => cause instanceof Problem && cause.status === 404;
const sent = (fileName: string, bytes: Buffer, contentType = 'application/pdf') => ({ fileName, contentType, bytes });
const PDF = Buffer.from('%PDF-1.7\n…');
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);
const SCRIPT = Buffer.from('<script>alert(1)</script>');

onEachDatabase(['ledger', 'procedures'], (_name, open) => {
  let db: Database;
  let portal: TestPortal;
  before(async () => {
    db = await open();
    portal = await openTestPortal(db, FILED_AT);
  });
  after(() => db.close());

  async function aDraft() {
    const { id, around } = unwrap(await startDossier(portal.deps, amina, 'declaration-association'));
    const step = around.procedure.form.steps.find(({ fields }) => fields.some(({ kind }) => kind === 'file'));
    assert.ok(step !== undefined);
    return { id, step };
  }
  const only = (answers: Readonly<Record<string, readonly FileAnswer[]>>, field: string): FileAnswer => {
    const [file] = answers[field] ?? [];
    assert.ok(file !== undefined);
    return file;
  };

  test('a file is what its bytes say, whatever its name and the browser say, and its name is only shown', async () => {
    const { step } = await aDraft();
    const { answers } = receiveUploads(
      portal.deps,
      step,
      {
        statutes: [sent('../../etc/passwd\u0000\u202efdp.exe', PNG)],
        members: [sent('', SCRIPT)],
        nothing: [sent('x', PDF)],
      },
      {},
    );
    assert.deepEqual(Object.keys(answers).sort(), ['members', 'statutes']);
    const { name, mediaType } = only(answers, 'statutes');
    assert.deepEqual([name, mediaType], ['passwdfdp.exe', 'image/png']);
    assert.equal(only(answers, 'members').mediaType, 'application/octet-stream');
    assert.notEqual(only(answers, 'members').name, '');
  });

  test('only what the answers keep is stored, and only its own request gives it back', async () => {
    const { id, step } = await aDraft();
    const received = receiveUploads(
      portal.deps,
      step,
      { statutes: [sent('statuts.pdf', PDF)], members: [sent('list.pdf', SCRIPT)] },
      {},
    );
    const kept = only(received.answers, 'statutes');
    await keepUploads(portal.deps, id, received, { statutes: [kept] });
    assert.deepEqual(
      (await listFiles(db.read, id)).map(({ name }) => name),
      ['statuts.pdf'],
    );
    const { bytes, mediaType } = await downloadFile(portal.deps, id, kept.id);
    assert.deepEqual([bytes, mediaType], [PDF, 'application/pdf']);
    const other = await aDraft();
    await assert.rejects(downloadFile(portal.deps, other.id, kept.id), isNotFound);
    for (const wrong of ['', 'a\u0000b', '../x', only(received.answers, 'members').id])
      await assert.rejects(downloadFile(portal.deps, id, wrong), isNotFound);
  });

  test('files that stood before stay where no new one comes', async () => {
    const { step } = await aDraft();
    const before = receiveUploads(portal.deps, step, { statutes: [sent('a.pdf', PDF)] }, {}).answers;
    const after = receiveUploads(portal.deps, step, { members: [sent('b.pdf', PDF)] }, before).answers;
    assert.deepEqual(after['statutes'], before['statutes']);
    assert.equal(only(after, 'members').name, 'b.pdf');
  });
});
