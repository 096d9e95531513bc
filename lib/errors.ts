/** Every way in which the portal says no on purpose, and the HTTP status that goes with it. */
const statusByCode = {
  invalid_input: 400,
  not_signed_in: 401,
  cross_origin: 403,
  not_found: 404,
  conflict: 409,
  keys_wrong: 503,
  database_away: 503,
  restored: 503,
  orcid_unavailable: 503,
} as const

export type AppErrorCode = keyof typeof statusByCode

/**
 * An error that the portal expected. Its message is for the log; people read the text that belongs to the code.
 * The evidence travels as `cause` and must not hold a token, a code or a key.
 */
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
