import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { system } from '@/lib/actor'
import { parseEnv } from '@/lib/config/env'
import { formatFaults } from '@/lib/config/fault'
import { closePool } from '@/lib/db'
import { type Export, exportResearchers } from '@/lib/exports/commands'
import { type FileOptions, parseFileOptions } from '@/lib/exports/schema'
import { findHold } from '@/lib/installation/restore-detection'
import { type ListFilters, parseListFilters } from '@/lib/researchers/schema'
import { sentenceOf } from '@/scripts/failure'

// `npm run export`: what /staff/exports does, unattended, with the portal's own configuration. docs/exports.md says what
// is in the file.
const usage = `Usage: npm run export -- --format csv|xlsx|json|jsonl|ldif|names --out FILE|- [filters] [--columns a,b,…]
  --out        a file, which is there only once it is complete; - for the standard output
  --columns    columns besides those that are always there; docs/exports.md lists them
  --separator  comma (default) or semicolon, of CSV
  --no-bom     CSV without a byte order mark
  --language   of the words in CSV and XLSX, en (default) or es
  --dn         of LDIF, such as 'uid={local_id},ou=people,dc=example,dc=org'
Filters, as in the address of the staff list: --q --state --finding --scope (may be repeated) --lacks --expiring-within
  --connected-from --connected-to --withdrawn-since --checked-from --checked-before --department --local-id
Exit codes: 0 the file is complete, 1 there is no file, 2 the command was not understood.`

const text = { type: 'string' } as const
const filterOptions = {
  q: text,
  state: text,
  finding: text,
  scope: { type: 'string', multiple: true },
  lacks: text,
  'expiring-within': text,
  'connected-from': text,
  'connected-to': text,
  'withdrawn-since': text,
  'checked-from': text,
  'checked-before': text,
  department: text,
  'local-id': text,
} as const
const fileOptions = { format: text, separator: text, columns: text, dn: text, out: text, language: text } as const

type Order = { filters: ListFilters; options: FileOptions; locale: string; out: string }

if (existsSync('.env')) process.loadEnvFile('.env')
process.exit(await main())

async function main(): Promise<number> {
  const order = readOrder()
  if (typeof order === 'string') return fail(order, 2)
  if (order === null) {
    console.log(usage)
    return 0
  }
  const parsed = parseEnv()
  if ('faults' in parsed)
    return fail(formatFaults(parsed.faults).replace('Concord cannot start', 'Nothing was exported'))
  try {
    return await run(order)
  } catch (error) {
    return fail(`There is no file: ${sentenceOf(error)}`)
  } finally {
    await closePool()
  }
}

function fail(sentence: string, code = 1): number {
  console.error(sentence)
  return code
}

/** What is asked for; a sentence where it was not understood, null where only help is. */
function readOrder(): Order | string | null {
  const help = { help: { type: 'boolean' }, 'no-bom': { type: 'boolean' } } as const
  let values: ReturnType<typeof parse>['values']
  const parse = () => parseArgs({ options: { ...filterOptions, ...fileOptions, ...help } })
  try {
    values = parse().values
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n${usage}`
  }
  if (values.help) return null
  const { columns, out, language: locale = 'en', 'no-bom': noBom, help: _help, ...others } = values
  if (!out) return `Say with --out where the file is to go\n${usage}`
  if (!/^[a-z]{2}$/.test(locale) || !existsSync(join('messages', `${locale}.json`)))
    return `--language was not understood\n${usage}`
  const params = new URLSearchParams({ bom: noBom ? 'no' : 'yes' })
  for (const [name, value] of Object.entries(others)) {
    for (const one of [value ?? []].flat()) params.append(name, one)
  }
  for (const column of columns?.split(',') ?? []) params.append('column', column)
  const file = parseFileOptions(params)
  if ('fault' in file) return `--${file.fault === 'column' ? 'columns' : file.fault} was not understood\n${usage}`
  // A filter that is left out would put people into the file whom nobody asked for.
  const { filters, notices } = parseListFilters(params)
  const empty = Object.entries(others).find(([, value]) => value !== undefined && [value].flat().some((one) => !one))
  const fault = notices[0] ?? empty?.[0]
  if (fault) return `--${fault} was not understood\n${usage}`
  return { filters, options: file.options, locale, out }
}

async function run({ filters, options, locale, out }: Order): Promise<number> {
  if (await findHold()) return fail('This database was restored and is held: release it first (docs/backups.md).')
  const file = await exportResearchers(system, filters, options, { locale })
  if (file === 'busy') return fail('Two exports are running: try again later, or cancel one at /staff/exports.')
  if (file === 'too_many_rows') return fail('A sheet holds 1,048,576 rows: choose fewer people, or another format.')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => file.stop.abort())
  if (out === '-') {
    await write(file, process.stdout)
    return 0
  }
  // Of a file of this name there is the old one or the whole new one.
  const partial = join(dirname(out), `.${basename(out)}.${process.pid}.partial`)
  try {
    const target = createWriteStream(partial, { mode: 0o600, flush: true })
    await write(file, target)
    target.end()
    await finished(target)
    renameSync(partial, out)
  } finally {
    rmSync(partial, { force: true })
  }
  return 0
}

/** Hands each part over once the one before it is on its way. Whoever reads no more ends the export. */
async function write({ parts, stop }: Export, target: Writable): Promise<void> {
  let broken: Error | undefined
  target.on('error', (error) => {
    broken = error
    stop.abort(error)
  })
  for await (const part of parts) {
    await new Promise<void>((resolve, reject) => {
      target.write(part, (error) => (error ? reject(error) : resolve()))
    })
  }
  if (broken) throw broken
}
