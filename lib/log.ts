import pino from 'pino'
import { env } from '@/lib/config/env'
import { keep } from '@/lib/institution'

// The log redacts these names of secrets from ORCID's responses and our options.
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

/** Writes JSON lines to standard output and redacts secrets. */
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

/** Keep only named fields: drivers and HTTP clients attach parameters, headers and bodies, which may hold tokens. */
function toLoggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: 'not an Error' }
  // `code` would be redacted.
  const errorCode = 'code' in error ? error.code : undefined
  return {
    name: error.name,
    message: error.message.slice(0, 500),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(error.stack ? { stack: error.stack.split('\n').slice(1, 9).join('\n') } : {}),
    ...(error.cause instanceof Error ? { cause: toLoggedError(error.cause) } : {}),
  }
}
