const statusByCode = {
  invalid_input: 400,
  not_signed_in: 401,
  cross_origin: 403,
  not_found: 404,
  conflict: 409,
  text_changed: 409,
  not_ready: 503,
  keys_wrong: 503,
  database_away: 503,
  restored: 503,
  orcid_unavailable: 503,
} as const

export type AppErrorCode = keyof typeof statusByCode

/** An expected error. The log gets the message; people see the text for the code. `cause` must hold no secret. */
export class AppError extends Error {
  override readonly name = 'AppError'

  constructor(
    readonly code: AppErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }

  get status(): number {
    return statusByCode[this.code]
  }
}
