import type { FastifyRequest } from 'fastify';
import { conflict, notFound } from '../../../kernel/index.ts';
import { formOf } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import type { OperatorRoute } from '../../operators/guard.ts';
import { frameOf, languageOf, page, paramOf, redirect, textOf } from '../../operators/routes/page.ts';
import { listEvents } from '../../operators/store/event.ts';
import type { Alarm } from '../../witness/model.ts';
import { acknowledgeAlarm, findAlarm, listAlarms, listCosignatures } from '../../witness/store.ts';
import type { ConsoleDeps } from '../deps.ts';
import { ALARMS, alarmPage, alarmsPage } from '../pages/alarms.ts';

const BASE = '/:language/console/trust/alarms';
const MOST = 200;

export function alarmPages(deps: ConsoleDeps): readonly OperatorRoute[] {
  const read = { method: 'GET', access: 'console.read', audit: null, rate: 'page' } as const;
  return [
    {
      ...read,
      id: 'console.alarm.list',
      url: BASE,
      async handle(request, { actor }) {
        const { db } = deps.context;
        const alarms = await listAlarms(db.read, MOST);
        const witnesses = await listCosignatures(db.read);
        return page(alarmsPage(frameOf(deps.house, request, actor), { alarms, witnesses }));
      },
    },
    {
      ...read,
      id: 'console.alarm.show',
      url: `${BASE}/:id`,
      async handle(request, { actor }) {
        const alarm = await alarmOf(deps, request);
        const reason = alarm.acknowledgedAt === null ? undefined : await reasonOf(deps, alarm.id);
        return page(alarmPage(frameOf(deps.house, request, actor), { alarm, reason }));
      },
    },
    {
      id: 'console.alarm.acknowledge',
      method: 'POST',
      url: `${BASE}/:id`,
      access: 'trust.change',
      audit: 'alarm.acknowledged',
      rate: 'form',
      handle: (request, acting) => acknowledge(deps, request, acting),
    },
  ];
}

async function alarmOf({ context }: ConsoleDeps, request: FastifyRequest): Promise<Alarm> {
  const id = paramOf(request, 'id');
  const found = /^[1-9]\d{0,14}$/.test(id) ? await findAlarm(context.db.read, Number(id)) : undefined;
  if (found === undefined) throw notFound('There is no such alarm.');
  return found;
}

/** It stands in the audit, where nobody changes it. */
async function reasonOf({ context }: ConsoleDeps, id: number): Promise<string | undefined> {
  const acts = await listEvents(context.db.read, { event: 'alarm.acknowledged', outcome: 'done' }, MOST);
  const reason = acts.find((one) => one.target === String(id))?.detail['reason'];
  return typeof reason === 'string' ? reason : undefined;
}

async function acknowledge(deps: ConsoleDeps, request: FastifyRequest, acting: Acting) {
  const alarm = await alarmOf(deps, request);
  const language = languageOf(request);
  const reason = textOf(formOf(request), 'reason', 500).trim();
  if (reason === '') {
    const frame = frameOf(deps.house, request, acting.actor, `${ALARMS}/${alarm.id}`);
    return page(alarmPage(frame, { alarm, reason, isReasonMissing: true }), 422);
  }
  await deps.context.db.transaction(async (tx) => {
    if (!(await acknowledgeAlarm(tx, alarm.id, deps.context.clock())))
      throw conflict('Somebody else has acknowledged this alarm meanwhile; their words stand.');
    await acting.record(tx, String(alarm.id), { reason });
  });
  return redirect(`/${language}${ALARMS}/${alarm.id}`);
}
