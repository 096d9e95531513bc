import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseEnv } from '@/lib/config/env'
import { type Variables, variables } from '@/lib/config/env-variables'
import { describeFault, formatFaults } from '@/lib/config/fault'
import { mends } from '@/lib/config/mends'
import { type Ask, askOnTerminal } from '@/scripts/asking'
import { fillIn, findUnwritable } from '@/scripts/env-file'
import { fail } from '@/scripts/failure'
import { root } from '@/scripts/processes'

// `npm run setup`: asks what a portal cannot do without, makes the secrets, and writes a `.env` that `npm run doctor`
// accepts. Every variable may be a flag instead, as --orcid-client-id, or be in the environment.
const usage = `Usage: npm run setup -- [--compose] [--out <file>] [--<variable> <value> …]
  --compose  for compose.yaml: makes the passwords of the database instead of asking for its address
  --out      the file to write; default: .env
  Every variable of .env.example is a flag: --institution-name 'University of Example'. Secrets are better in the
  environment, because others on this machine see the flags of a process.`

type Name = keyof Variables
type Question = { name: Name; words: string; usual?: string; isSecret?: true }

const questions: readonly Question[] = [
  { name: 'NEXTAUTH_URL', words: 'Public address of the portal, such as https://orcid.example.edu' },
  { name: 'INSTITUTION_NAME', words: 'Name of the institution (empty: set on the settings page)', usual: '' },
  {
    name: 'SUPPORT_EMAIL',
    words: 'Address that people write to for help (empty: set on the settings page)',
    usual: '',
  },
  {
    name: 'INSTITUTION_TIME_ZONE',
    words: 'Time zone, such as Europe/Madrid (empty: set on the settings page)',
    usual: '',
  },
  { name: 'ORCID_REGISTRY', words: 'Registry: production, sandbox or local', usual: 'sandbox' },
  { name: 'ORCID_API', words: 'Credentials of ORCID: member or public', usual: 'member' },
  { name: 'ORCID_CLIENT_ID', words: 'Client id that ORCID gave you' },
  { name: 'ORCID_CLIENT_SECRET', words: 'Client secret that ORCID gave you', isSecret: true },
  { name: 'STAFF_ADMINS', words: 'iD of the first administrator' },
  { name: 'TRUSTED_PROXIES', words: 'Number of proxies in front of the portal', usual: '1' },
]
const databaseQuestion: Question = {
  name: 'DATABASE_URL',
  words: "Database of the portal's role, postgresql://user:password@host:5432/database",
  isSecret: true,
}
const siteQuestion = 'Name for which Caddy is to speak https, such as orcid.example.edu (empty: a proxy of your own)'
/** What is so only inside Compose's containers, so nothing here can check it. compose.yaml sets the first itself. */
const inContainers = {
  DATABASE_URL: 'postgresql://concord_portal:password@database:5432/concord',
  LEDGER_FILE: undefined,
  TEXTS_DIR: undefined,
  EXPORT_FOLDER: undefined,
}
const ofCompose = ['DATABASE_PASSWORD', 'MIGRATE_DATABASE_PASSWORD', 'SITE', 'COMPOSE_PROFILES']
const others = ['PORT', 'HOSTNAME', 'MIGRATE_DATABASE_URL', ...ofCompose]
const names = [...Object.keys(variables.shape), ...others]
const toFlag = (name: string) => name.toLowerCase().replaceAll('_', '-')

try {
  await setUp()
} catch (error) {
  fail(error)
}

async function setUp(): Promise<void> {
  const { values: flags } = readFlags()
  if (flags.help) return console.log(usage)
  const file = resolve(String(flags.out ?? '.env'))
  if (!existsSync(dirname(file))) throw new Error(`${dirname(file)} is not there: make the folder first`)
  if (existsSync(file)) throw new Error(`${file} is there already, and is not written over: move it away first`)
  const given = (name: string) => (flags[toFlag(name)] as string | undefined) ?? (process.env[name] || undefined)
  // The environment of a shell has these for itself.
  const own = names.filter((name) => !['HOSTNAME', 'PORT', 'HTTPS_PROXY', 'NO_PROXY'].includes(name))
  const values: Record<string, string> = {
    ...makeSecrets(Boolean(flags.compose)),
    ...Object.fromEntries(own.flatMap((name) => (given(name) === undefined ? [] : [[name, given(name) as string]]))),
    ...Object.fromEntries(others.flatMap((name) => (flags[toFlag(name)] ? [[name, String(flags[toFlag(name)])]] : []))),
  }
  const asked = flags.compose ? questions : [...questions, databaseQuestion]
  const missing = asked.filter(({ name }) => values[name] === undefined)
  const terminal = process.stdin.isTTY ? askOnTerminal() : null
  const lacking = terminal ? [] : missing.filter(({ usual }) => usual === undefined)
  if (lacking.length > 0) throw new Error(`${describeLacking(lacking)}\n${usage}`)
  try {
    for (const question of missing) values[question.name] = await answer(question, terminal?.ask)
    if (flags.compose && terminal && values.SITE === undefined)
      values.SITE = await terminal.ask(`${siteQuestion}: `, false)
  } finally {
    terminal?.close()
  }
  if (flags.compose) Object.assign(values, { LEDGER_FILE: '/ledger/ledger.jsonl', ...values })
  if (flags.compose && values.SITE) Object.assign(values, { COMPOSE_PROFILES: 'https', ...values })
  const parsed = parseEnv(flags.compose ? { ...values, ...inContainers } : values)
  if ('faults' in parsed)
    throw new Error(formatFaults(parsed.faults).replace('Concord cannot start', 'Nothing was written'))
  writeFileSync(file, fillIn(readFileSync(join(root, '.env.example'), 'utf8'), values), { mode: 0o600, flag: 'wx' })
  console.log(`Written: ${file}. Keep a copy of TOKEN_KEYS apart from the database's backups.`)
  console.log(`ORCID must have this redirect URI, letter by letter: ${parsed.env.orcid.redirectUri}`)
  const where = flags.out ? `, each with what ${file} has in its environment` : ''
  console.log(
    flags.compose
      ? 'Next: docker compose up --build --wait, and docker compose exec portal /concord/concord doctor.'
      : `Next: npm run migrate, npm start, and npm run doctor${where}.`,
  )
}

function readFlags(): { values: Record<string, string | boolean | undefined> } {
  const options = Object.fromEntries([...names, 'OUT'].map((name) => [toFlag(name), { type: 'string' as const }]))
  try {
    return parseArgs({ options: { ...options, compose: { type: 'boolean' }, help: { type: 'boolean' } } })
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`)
  }
}

function makeSecrets(forCompose: boolean): Record<string, string> {
  const password = () => randomBytes(24).toString('hex')
  return {
    NEXTAUTH_SECRET: randomBytes(32).toString('base64url'),
    TOKEN_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    ...(forCompose ? { DATABASE_PASSWORD: password(), MIGRATE_DATABASE_PASSWORD: password() } : {}),
  }
}

function describeLacking(lacking: readonly Question[]): string {
  const lines = lacking.map(({ name }) => `${name} is missing: give it as --${toFlag(name)}`)
  return [...lines, 'Or run this in a terminal.'].join('\n')
}

/** Asks again until the answer can be read, and written. Without a terminal it is the usual one. */
async function answer(question: Question, ask: Ask | undefined): Promise<string> {
  const { name, words, usual, isSecret } = question
  if (!ask) return usual ?? ''
  for (;;) {
    const text = (await ask(`${words}${usual === undefined ? '' : ` [${usual}]`}: `, Boolean(isSecret))) || usual || ''
    const read = variables.shape[name].safeParse(text || undefined)
    const unwritable = findUnwritable(text)
    if (read.success && !unwritable) return text
    const fault = read.error?.issues[0]?.message ?? 'cannot be read'
    console.log(`  ${unwritable ?? describeFault({ variable: name, fault, mend: mends[name] })}`)
  }
}
