import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Side } from '../message/fault.ts';
import { answerFault, writeAnswer } from './doors.ts';
import type { GatewayContext } from './model.ts';
import { servedAt } from './traced.ts';
import type { HttpAnswer } from './wire.ts';

/** One request at one of the doors: timed, traced, and answered whatever comes. */
export function serve(
  context: GatewayContext,
  side: Side,
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => Promise<HttpAnswer>,
): void {
  const { tracing, measures } = context;
  const from = performance.now();
  const work = () =>
    answer()
      .then((given) => {
        tracing.note({ 'http.response.status_code': given.status });
        writeAnswer(response, given);
      })
      // What cannot be written is a fault like what cannot be had.
      .catch((cause: unknown) => answerFault(context, request, response, cause));
  const served = tracing.isOn ? tracing.serve(servedAt(side === 'consumer' ? 'own' : 'peer', request), work) : work();
  void served.finally(() => measures.answered(side, (performance.now() - from) / 1000));
}
