import pino from 'pino'
import { env } from '@/lib/config/env'
import { keep } from '@/lib/institution'

// What ORCID's answers and our own options call their secrets. Whatever reaches the log under such a name is cut.
const secretNames = [
  'access_token',
  'accessToken',
  'refresh_token',
  'refreshToken',
  'id_token',
  'idToken',
  'code',
  'state',
  'nonce',
  'client_secret',
  'clientSecret',
  'secret',
  'token',
  'authorization',
  'cookie',
]

declare module '@/lib/institution' {
  interface Institution {
    logger?: pino.Logger
  }
}

/** The log: JSON lines on standard output, one object each, secrets cut. */
export function log(): pino.Logger {
  return keep('logger', makeLogger)
}

const makeLogger = () =>
  pino({
    level: env().logLevel,
    base: { service: 'concord' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[cut]' },
    serializers: { err: toLoggedError },
  })

type LoggedError = { name: string; message: string; errorCode?: unknown; stack?: string; cause?: LoggedError }

/**
 * An error as it may be written down: database drivers and HTTP clients hang queries, parameters, headers and bodies
 * on theirs, any of which may hold a token, so only the named parts are kept.
 */
function toLoggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: 'not an Error' }
  // Not as `code`, which is the name of something that is cut.
  const errorCode = 'code' in error ? error.code : undefined
  return {
    name: error.name,
    message: error.message.slice(0, 500),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(error.stack ? { stack: error.stack.split('\n').slice(1, 9).join('\n') } : {}),
    ...(error.cause instanceof Error ? { cause: toLoggedError(error.cause) } : {}),
  }
}
