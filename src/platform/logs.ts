import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * Structured logs: an event name of ours and fields. Names, numbers and answers of persons never go in: the
 * callers pass ids of dossiers and exchanges only, and the redaction below is a second fence, not the first.
 */
export type Log = {
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object, cause?: unknown): void;
  error(event: string, fields?: object, cause?: unknown): void;
  child(fields: object): Log;
};

const REDACTED = ['authorization', 'cookie', 'password', 'token', 'subject', '*.authorization', '*.cookie', '*.token'];

export function openLog(options: { level?: string; part?: string; destination?: DestinationStream } = {}): Log {
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: options.part === undefined ? {} : { part: options.part },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'event',
      redact: REDACTED,
      serializers: { err: causeWithoutValues },
      formatters: { level: (label) => ({ level: label }) },
    },
    options.destination ?? pino.destination({ fd: 2, sync: false }),
  );
  return over(logger);
}

function over(logger: Logger): Log {
  return {
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}, cause) => logger.warn({ ...fields, ...causeFields(cause) }, event),
    error: (event, fields = {}, cause) => logger.error({ ...fields, ...causeFields(cause) }, event),
    child: (fields) => over(logger.child(fields)),
  };
}

function causeFields(cause: unknown): object {
  return cause === undefined ? {} : { err: cause instanceof Error ? cause : new Error(String(cause)) };
}

/** A database's error carries the values of its statement, and those are persons' answers: they stay out. */
function causeWithoutValues(cause: unknown): object {
  if (!(cause instanceof Error)) return {};
  const { name, message, stack } = cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? { code: cause.code } : {};
  const behind = cause.cause instanceof Error ? { cause: causeWithoutValues(cause.cause) } : {};
  return { type: name, message, ...code, stack, ...behind };
}

/** For tests and one-shot commands. */
export const silentLog: Log = {
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
