import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { listMissingSettings } from '@/lib/affiliations/organisation'
import { parseEnv } from '@/lib/config/env'
import { formatFaults } from '@/lib/config/fault'
import { closePool, db } from '@/lib/db'
import { type ImportKind, importKinds } from '@/lib/imports/columns'
import { holdImport, startSaving, uploadImport } from '@/lib/imports/commands'
import { fileBytesMax } from '@/lib/imports/read'
import { readImport } from '@/lib/imports/reading'
import { saveReadImport } from '@/lib/imports/saving'
import { findHold } from '@/lib/installation/restore-detection'
import { keepHeapSmall } from '@/lib/process/heap'
import { sentenceOf } from '@/scripts/failure'

// `npm run import`: what /staff/import does, unattended, with the portal's own configuration. docs/imports.md.
const usage = `Usage: npm run import -- people|affiliations|works --file FILE [--complete] [--dry-run]
  --file      CSV, TSV or XLSX; the first row names the columns
  --complete  everything is in the file: propose as leavers the people who are missing, or to delete the affiliations
              that an earlier file brought; not for works, of which each person is asked
  --dry-run   say what would change, and save nothing
Exit codes: 0 saved or, with --dry-run, read; 1 nothing was saved; 2 the command was not understood;
3 a second administrator has to confirm it at /staff/import.`

const counts = z.record(z.string(), z.number())

keepHeapSmall()
if (existsSync('.env')) process.loadEnvFile('.env')
process.exit(await main())

async function main(): Promise<number> {
  const options = { file: { type: 'string' }, complete: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } as const
  let parsed: ReturnType<typeof parse>
  const parse = () => parseArgs({ options, allowPositionals: true })
  try {
    parsed = parse()
  } catch (error) {
    return fail(`${sentenceOf(error)}\n${usage}`, 2)
  }
  const { values, positionals } = parsed
  const [, ...others] = positionals
  const known = importKinds.find((one) => one === positionals[0])
  if (!known || others.length > 0 || !values.file || (known === 'works' && values.complete)) return fail(usage, 2)
  if (!existsSync(values.file)) return fail(`There is no file ${values.file}`, 2)
  const config = parseEnv()
  if ('faults' in config) {
    return fail(formatFaults(config.faults).replace('Concord cannot start', 'Nothing was imported'))
  }
  try {
    return await run({
      kind: known,
      file: values.file,
      complete: values.complete ?? false,
      isDry: values['dry-run'] ?? false,
    })
  } catch (error) {
    return fail(`Nothing was saved: ${sentenceOf(error)}`)
  } finally {
    await closePool()
  }
}

function fail(sentence: string, code = 1): number {
  console.error(sentence)
  return code
}

type Order = { kind: ImportKind; file: string; complete: boolean; isDry: boolean }

async function run({ kind, file, complete, isDry }: Order): Promise<number> {
  if (await findHold()) return fail('This database was restored and is held: release it first (docs/backups.md).')
  const missing = kind !== 'people' ? listMissingSettings() : []
  if (missing.length > 0) return fail(`Nothing can be written to ORCID without ${missing.join(', ')}.`)
  if (statSync(file).size > fileBytesMax)
    return fail(`${file} is larger than ${fileBytesMax / 1_000_000} MB: split it.`)
  const id = await upload(kind, file, complete)
  await readImport(id)
  const select = { fault: true, faultDetail: true, counts: true, doubts: true } as const
  const found = await db().import.findUniqueOrThrow({ where: { id }, select })
  if (found.fault) return fail(`The file cannot be read: ${[found.fault, found.faultDetail].filter(Boolean).join(' ')}`)
  const said = Object.entries(counts.parse(found.counts)).map(([verdict, count]) => `${count} ${verdict}`)
  console.log(said.join(', ') || 'no rows')
  await tellRefused(id)
  if (isDry) {
    await db().import.delete({ where: { id }, select: { id: true } })
    return 0
  }
  const undecided = await db().importRow.count({ where: { importId: id, verdict: 'perhaps' } })
  if (found.doubts.length > 0 || undecided > 0) {
    if (undecided === 0) await holdImport(id)
    const why = [...found.doubts, ...(undecided > 0 ? [`${undecided} perhaps the same`] : [])].join(', ')
    return fail(`Not saved: ${why}. Somebody has to decide at /staff/import/${id}`, 3)
  }
  await startSaving(id)
  return (await saveReadImport(system, id)) ? 0 : fail('Nothing was saved: somebody else changed the import.')
}

/** Lets go of the bytes once they are in the database. */
function upload(kind: ImportKind, file: string, complete: boolean): Promise<string> {
  return uploadImport(system, { kind, fileName: basename(file), bytes: readFileSync(file), complete, isRead: true })
}

const toldMax = 20

async function tellRefused(id: string): Promise<void> {
  const where = { importId: id, verdict: 'refused' } as const
  const rows = await db().importRow.findMany({ where, orderBy: { line: 'asc' }, take: toldMax })
  const faults = z.array(z.object({ field: z.string().nullable(), code: z.string() }))
  for (const { line, faults: given } of rows) {
    const reasons = (faults.safeParse(given).data ?? []).map(({ field, code }) =>
      [field, code].filter(Boolean).join(' '),
    )
    console.error(`line ${line}: ${reasons.join(', ')}`)
  }
}
