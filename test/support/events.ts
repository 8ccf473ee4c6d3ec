import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agreement } from '../../src/exchange/index.ts';
import { anAgreement, CLIENT, SERVICE } from './gateways.ts';

/** A gateway’s own door, of one in this process or another. */
export type Door = { readonly gateway: { readonly url: string }; readonly token: string };

/** The subsystem that publishes in these tests, and its event types. */
export const PUBLISHER = SERVICE.split('/').slice(0, 4).join('/');
export const MOVED = 'ma.gov.dgsn.person-moved';
export const CLOSED = 'ma.gov.dgsn.office-closed';
export const typeOf = (code: string) => `${PUBLISHER}/${code}`;

export function anEvent(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    specversion: '1.0',
    id: Math.random().toString(36).slice(2),
    source: '/dgsn/offices',
    type: CLOSED,
    subject: 'office-1',
    time: '2026-11-24T09:00:00Z',
    datacontenttype: 'application/json',
    data: { office: 'Rabat-Agdal', reason: { ar: 'أشغال', fr: 'travaux' }, secret: 'not agreed on' },
    ...parts,
  };
}

export function anEventAgreement(code: string, parts: Partial<Agreement> = {}): Agreement {
  return anAgreement({
    id: `events-${code}`,
    service: typeOf(code),
    endpoints: [{ method: '*', path: '/subscription' }],
    purposes: [{ code: 'notices', text: { ar: 'إشعارات', fr: 'avis' } }],
    fields: ['/office', '/reason'],
    ...parts,
  });
}

export async function operatorCall(gateway: Door, method: string, path: string, body?: object) {
  const answer = await fetch(`${gateway.gateway.url}/operator/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${gateway.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}

export async function addEventType(gateway: Door, code: string, parts: object = {}): Promise<void> {
  const title = { ar: 'إغلاق مصلحة', fr: 'fermeture d’un service' };
  const put = await operatorCall(gateway, 'PUT', 'event-types', { service: typeOf(code), title, ...parts });
  assert.equal(put.status, 200, put.text);
}

export async function systemCall(
  gateway: Door,
  method: string,
  path: string,
  options: { client?: string; body?: unknown; headers?: Record<string, string> } = {},
) {
  const { client = CLIENT, body, headers = {} } = options;
  const isText = typeof body === 'string';
  const answer = await fetch(`${gateway.gateway.url}/events/v1/${path}`, {
    method,
    headers: {
      'x-road-client': client,
      ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}

export function publish(gateway: Door, events: object | readonly object[], client = PUBLISHER) {
  const type = Array.isArray(events) ? 'application/cloudevents-batch+json' : 'application/cloudevents+json';
  return systemCall(gateway, 'POST', 'events', {
    client,
    body: JSON.stringify(events),
    headers: { 'content-type': type },
  });
}

/** Looks again and again, for at most ten seconds unless told otherwise. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  mostMs = 10_000,
): Promise<T> {
  const end = Date.now() + mostMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new assert.AssertionError({ message: `${what}: not within ${mostMs / 1000} s` });
    await sleep(20);
  }
}
