import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault, type Side } from '../message/fault.ts';
import type { Caller } from './admission.ts';
import { answerFault, writeAnswer } from './doors.ts';
import type { GatewayContext } from './model.ts';
import { watchSender } from './pace.ts';
import { servedAt } from './traced.ts';
import type { HttpAnswer } from './wire.ts';

type AtDoor = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly answer: () => Promise<HttpAnswer>;
  /** How the door says that it does not take the request on. */
  readonly refuse: (fault: Fault) => Promise<HttpAnswer>;
};

/** One request at one of the doors: taken on or not, timed, traced, and answered whatever comes. */
export function serve(context: GatewayContext, side: Side, at: AtDoor): void {
  const { request, response } = at;
  const { tracing, measures } = context;
  const from = performance.now();
  const { patienceMs } = context.settings.doors;
  watchSender(request, patienceMs, () => cutSlow(context, at));
  const work = () =>
    admit(context, at)()
      .then((given) => {
        tracing.note({ 'http.response.status_code': given.status });
        writeAnswer(response, given, patienceMs);
      })
      // What cannot be written is a fault like what cannot be had.
      .catch((cause: unknown) => answerFault(context, request, response, cause));
  const served = tracing.isOn ? tracing.serve(servedAt(side === 'consumer' ? 'own' : 'peer', request), work) : work();
  void served
    // Not even the fault could be said: nothing half written may pass for an answer.
    .catch((cause: unknown) => {
      context.log.error('answer.failed', {}, cause);
      response.destroy();
    })
    .finally(() => measures.answered(side, (performance.now() - from) / 1000));
}

/** Its sender is told, and cut off: what else it sends is not read. */
function cutSlow(context: GatewayContext, { request, response }: AtDoor): void {
  if (response.headersSent) return void request.destroy();
  response.once('finish', () => request.destroy());
  const fault = new Fault('request-too-slow', 'The body did not come in time.');
  answerFault(context, request, response, fault);
}

/** A message is under way until its answer has gone out whole: who reads slowly holds a place of its own share. */
function admit(context: GatewayContext, { request, response, caller, answer, refuse }: AtDoor): AtDoor['answer'] {
  try {
    response.once('close', context.admission.enter(caller, performance.now()));
    return answer;
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    // What is still to come of the request is not waited for.
    if (!request.complete) response.shouldKeepAlive = false;
    return () => refuse(cause);
  }
}
