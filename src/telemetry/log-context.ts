import { currentlyAbout, spans } from './work.ts';

/** What every line of the log gets of the work that it is written in: what that is about, and its span where it is traced. */
export function logContext(): Record<string, string> {
  const { request, incident } = currentlyAbout() ?? {};
  return {
    ...(request ? { request } : {}),
    ...(incident ? { incident } : {}),
    ...spanOf(spans.getStore()?.traceparent),
  };
}

/** A span that is not sent would be looked for in vain. */
function spanOf(traceparent: string | undefined): Record<string, string> {
  const [, trace_id, span_id, flags] = traceparent?.split('-') ?? [];
  return trace_id && span_id && flags === '01' ? { trace_id, span_id } : {};
}
