import { AppError } from '@/lib/errors'

// Connections (08), resources (53), shutdown (57P): https://www.postgresql.org/docs/current/errcodes-appendix.html
const awayStates = /^(08\w{3}|53\w{3}|57P0[123])$/
const canceled = '57014'
/** Also of a demoted primary. */
export const readOnly = '25006'
const refusedStates = /^(28\w{3}|3D000)$/
const permissionDenied = '42501'

/** PgBouncer says everything as a protocol violation; these are for whoever configures it. */
const poolerState = '08P01'
const poolerRefusals =
  /unsupported startup parameter|no such (database|user)|authentication failed|does not exist|is disabled|not allowed in statement pooling|SSL required|pg_hba\.conf|permission denied/i

/** Poolers give this different codes. */
const poolerFull = /max_client_conn|max clients/i

// Connection errors without SQLSTATE: codes of Prisma and the system, kinds of the adapter, texts of the driver.
const awayCodes = /^(P1001|P1008|P1011|P1017|P2028|P2037|ECONN\w+|EPIPE|ETIMEDOUT|E(HOST|NET)\w+|EAI_AGAIN|ENOTFOUND)$/
const awayKinds = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TlsConnectionError)$/
const awayWords =
  /timeout exceeded when trying to connect|timeout expired|connection terminated|query read timeout|not queryable|after calling end on the pool|^connect (ENOENT|EACCES)/i

/**
 * Whether the database is unreachable, or admits or writes nothing, rather than refusing a query. A server can change its
 * certificate without us.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const causes = causesOf(error)
  const app = causes.find((cause) => cause instanceof AppError)
  if (app) return app.code === 'database_away'
  if (causes.some(({ message }) => poolerFull.test(String(message)))) return true
  const state = findSqlState(causes)
  if (state === poolerState) return !causes.some(({ message }) => poolerRefusals.test(String(message)))
  if (state) return awayStates.test(state) || state === readOnly || isLoginRefused(error) || isFatal(causes)
  return causes.some(
    ({ code, kind, message }) =>
      awayCodes.test(String(code)) ||
      awayKinds.test(String(kind)) ||
      awayWords.test(String(message)) ||
      isTlsFault({ code, message }),
  )
}

/** Whether the server refused the connection: unknown role, password or database, or no right to connect. */
export function isLoginRefused(error: unknown): boolean {
  const causes = causesOf(error)
  const state = findSqlState(causes) ?? ''
  return refusedStates.test(state) || (state === permissionDenied && isFatal(causes))
}

/** Ends the connection, or refuses one. */
const isFatal = (causes: readonly Cause[]) => causes.some(({ severity }) => severity === 'FATAL')

/** PostgreSQL's code of an error, however it was wrapped. */
export function sqlStateOf(error: unknown): string | undefined {
  return findSqlState(causesOf(error))
}

/** Whether a statement timed out. */
export function isStatementTimeout(error: unknown): boolean {
  return findSqlState(causesOf(error)) === canceled
}

/** Whether the database rolled a transaction back because of another, as after a deadlock: it can be repeated. */
export function isRolledBack(error: unknown): boolean {
  const causes = causesOf(error)
  return (findSqlState(causes) ?? '').startsWith('40') || causes.some(({ code }) => code === 'P2034')
}

type Cause = {
  code?: unknown
  originalCode?: unknown
  kind?: unknown
  message?: unknown
  originalMessage?: unknown
  reason?: unknown
  host?: unknown
  port?: unknown
  cert?: unknown
  severity?: unknown
}

/** PostgreSQL's SQLSTATE is more precise than the codes of the driver and Prisma. */
function findSqlState(causes: readonly Cause[]): string | undefined {
  const codes = causes.flatMap(({ originalCode, code }) => [originalCode, code])
  // Skip Prisma's codes, which start at P1000. Those of PL/pgSQL start with P0.
  return codes.find((code): code is string => /^(?!P[1-9]|[A-Z]{5})[0-9A-Z]{5}$/.test(String(code)))
}

function causesOf(error: unknown): Cause[] {
  if (typeof error !== 'object' || error === null) return []
  const { cause, errors, meta } = error as {
    cause?: unknown
    errors?: unknown
    meta?: { driverAdapterError?: unknown }
  }
  const deeper = [cause, meta?.driverAdapterError, ...(Array.isArray(errors) ? errors : [])]
  return [error, ...deeper.flatMap(causesOf)]
}

/** Node's code says less than its words, and Prisma keeps the words alone. */
const tlsWords = /certificate|SSL (routines|connection)|TLS connection|EPROTO|ERR_(TLS|SSL)_|TlsConnectionError/

const isTlsFault = ({ code, message }: Cause) => tlsWords.test(`${code} ${message}`)

/** `kind` is the same for the same cause, whoever met it; `sentence` is without its full stop. */
export type DatabaseFault = { kind: string; sentence: string }

/** What is wrong with the database and what to do. The server's own words are in it; they repeat no password. */
export function describeDatabaseFault(error: unknown): DatabaseFault {
  const causes = causesOf(error)
  const app = causes.find((cause) => cause instanceof AppError)
  if (app) return { kind: 'app', sentence: String(app.message) }
  const words = wordsOf(causes)
  const state = findSqlState(causes)
  if (state) return describeRefusal(state, words)
  const met = causes.map(textOf).join(' ')
  const fault = broken.find(({ signs }) => signs.test(met))
  if (fault) return { kind: fault.kind, sentence: fault.say(words, causes) }
  return { kind: 'other', sentence: `the database cannot be used: ${words}` }
}

const textOf = ({ code, kind, message, reason, host, port }: Cause) =>
  `${code} ${kind === 'DatabaseNotReachable' && host && !port ? 'ENOTFOUND' : kind} ${message} ${reason}`

/** The innermost words are the server's or the driver's; Prisma wraps them into an excerpt of our source. */
function wordsOf(causes: readonly Cause[]): string {
  const texts = causes.flatMap(({ message, reason, originalMessage }) => [message, reason, originalMessage])
  const own = texts.findLast((text) => typeof text === 'string' && text !== '' && !/invocation/.test(text))
  return String(own ?? 'no reason was given')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 300)
}

/** What to do, by PostgreSQL's code and by its words or a pooler's. The first that fits counts. */
const advice: [RegExp, RegExp, string][] = [
  [/./, /unsupported startup parameter/i, 'a pooler passes no such parameter on: take it out of the URL'],
  [/./, /transaction blocks not allowed/i, 'the pooler is in statement mode: set pool_mode to transaction or session'],
  [/./, /query_wait_timeout/i, 'the pooler has no connection to PostgreSQL to give: it is down, or all are in use'],
  [/./, /server_login_retry/i, 'the pooler cannot sign in to PostgreSQL: its log says why'],
  [
    /./,
    /max_client_conn|too many (clients|connections)|max clients/i,
    'raise the limit, or run fewer portals and workers',
  ],
  [
    /^28|08P01$/,
    /no encryption|SSL required/i,
    'it only takes encrypted connections: set sslmode=verify-full in the URL',
  ],
  [/^28000|08P01$/, /pg_hba\.conf/i, 'let this host, role and database in there'],
  [/^28|08P01$/, /authentication failed/i, 'correct user and password in the URL'],
  [/^(28000|3D000|08P01)$/, /does not exist|no such/i, 'create it, or correct the URL'],
  [/^(42P01|3F000)$/, /./, 'its schema is not complete: run `npm run migrate`'],
  [/^42703$/, /./, 'its schema is not that of this version: run `npm run migrate`'],
  [/^25006$/, /./, 'it is read-only: look for a standby, default_transaction_read_only, or a full disk'],
  [/^53100$/, /./, 'make room on the disk of PostgreSQL'],
  [/^42501$/, /./, 'run `npm run migrate` with MIGRATE_DATABASE_URL, which gives the role its rights'],
  [/^57P03$/, /./, 'PostgreSQL is starting or stopping: wait'],
]

function describeRefusal(state: string, words: string): DatabaseFault {
  const index = advice.findIndex(([states, texts]) => states.test(state) && texts.test(words))
  const what = advice[index]?.[2]
  return { kind: `${state} ${index}`, sentence: `the database answers “${words}” (${state})${what ? `: ${what}` : ''}` }
}

const certificate = 'the certificate of the database server'

/** What is wrong with the way to the database. The first whose signs fit counts. */
const broken: { kind: string; signs: RegExp; say: (words: string, causes: readonly Cause[]) => string }[] = [
  {
    kind: 'no_tls',
    signs: /does not support SSL connections/,
    say: () =>
      'the database server does not speak TLS: turn it on there, or set sslmode=disable where nobody can listen in',
  },
  { kind: 'expired', signs: /certificate has expired/, say: () => `${certificate} has expired: renew it there` },
  {
    kind: 'not_yet_valid',
    signs: /certificate is not yet valid/,
    say: () => `${certificate} is not valid yet: set the clocks right, or renew it there`,
  },
  { kind: 'other_host', signs: /does not match certificate's altnames/, say: sayOtherHost },
  {
    kind: 'unknown_authority',
    signs: /self[- ]signed certificate|unable to (verify|get)/,
    say: () =>
      `${certificate} is from an authority that is not known here: name the authority's file with sslrootcert in the URL`,
  },
  { kind: 'tls', signs: tlsWords, say: (words) => `TLS with the database server failed: ${words}` },
  {
    kind: 'host_unknown',
    signs: /ENOTFOUND|EAI_AGAIN/,
    say: (words) => `the host of the database is not known here: correct the URL, or the name server (${words})`,
  },
  {
    kind: 'refused',
    signs: /ECONNREFUSED|EHOST|ENET|connect (ENOENT|EACCES)|DatabaseNotReachable|P1001/,
    say: (words) => `nothing answers at the address of the database: start PostgreSQL, or correct the URL (${words})`,
  },
  {
    kind: 'late',
    signs: /time(d )?out|ETIMEDOUT|P1008|P2028/i,
    say: (words) => `the database does not answer in time: look for a firewall between, or for its load (${words})`,
  },
  {
    kind: 'cut',
    signs: /connection (terminated|ended|closed)|ECONN|EPIPE|P1017|ConnectionClosed/i,
    say: (words) => `the connection to the database was cut: the log of what answers there says why (${words})`,
  },
  {
    kind: 'no_schema',
    signs: /P2021/,
    say: () => 'the database has no schema yet: run `npm run migrate`',
  },
]

function sayOtherHost(words: string, causes: readonly Cause[]): string {
  const { cert } = causes.find((cause) => cause.cert) ?? {}
  const named =
    (cert as { subjectaltname?: string } | undefined)?.subjectaltname ?? /altnames: (DNS.*)$/.exec(words)?.[1]
  const names = named?.replaceAll(/(DNS|IP Address):/g, '') || 'other hosts'
  const host = /(?:Host|IP): (\S+?)\.? is not in/.exec(words)?.[1] ?? 'the one in the URL'
  return `${certificate} is for ${names}, not for ${host}: use a name that it is for, or set sslmode=verify-ca`
}
