/** An answer `{ok: false, error, …}`; thrown by methods, put on the wire by the server. */
export class ApiError extends Error {
  readonly code: string;
  readonly extra: Record<string, unknown>;

  constructor(code: string, extra: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** Slack's form for arguments it has looked into: the reasons once bare and once marked as errors. */
export function withReasons(code: string, reasons: string[]): ApiError {
  return new ApiError(code, {
    errors: reasons,
    response_metadata: { messages: reasons.map((reason) => `[ERROR] ${reason}`) },
  });
}

export function missingArgument(name: string): ApiError {
  return withReasons('invalid_arguments', [`missing required field: ${name}`]);
}
