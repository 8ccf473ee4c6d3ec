/** W3C Trace Context (https://www.w3.org/TR/trace-context/): the two headers by which a trace goes from one system to the next. */
export type TraceHeaders = {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
};

export type TraceParent = { readonly traceId: string; readonly spanId: string; readonly isSampled: boolean };

const PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Section 3.2.2 and 4.3: undefined is "restart the trace". A version above 00 is read as far as 00 goes. */
export function parseTraceparent(text: string): TraceParent | undefined {
  const [, version = '', traceId = '', spanId = '', flags = '', more] = PARENT.exec(text.trim()) ?? [];
  if (version === '' || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

const MEMBER = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Section 3.3.1: at most 32 members and, here, 512 characters. One that is not of that form is left out whole. */
export function readTracestate(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 512) return undefined;
  const members = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const keys = new Set(members.map((one) => one.split('=')[0]));
  const isGood = members.length > 0 && members.length <= 32 && keys.size === members.length;
  return isGood && members.every((one) => MEMBER.test(one)) ? members.join(',') : undefined;
}
