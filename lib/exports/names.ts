import { stringify } from 'yaml'
import { env } from '@/lib/config/env'
import type { Column } from '@/lib/exports/column'
import { type Part, type Row, readRows } from '@/lib/exports/lines'

export const namesColumns: Column[] = [
  { name: 'orcid', kind: 'plain' },
  { name: 'authenticated', kind: 'flag' },
  { name: 'name', kind: 'text' },
  { name: 'given_name', kind: 'text' },
  { name: 'family_name', kind: 'text' },
  { name: 'local_id', kind: 'text' },
]

const namesPerChunk = 250

/**
 * InvenioRDM's vocabulary of names (https://inveniordm.docs.cern.ch/operate/customize/vocabularies/names/): people with
 * an authenticated iD and a name. A comment at the end counts the others.
 */
export async function* writeNames(parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  let [written, leftOut] = [0, 0]
  let entries: object[] = []
  for await (const row of readRows(parts)) {
    const entry = toEntry(row)
    if (entry) entries.push(entry)
    else leftOut++
    if (entries.length < namesPerChunk) continue
    yield toYaml(entries)
    written += entries.length
    entries = []
  }
  // An empty list, unless there is one already.
  if (entries.length > 0 || written === 0) yield toYaml(entries)
  if (leftOut > 0) yield Buffer.from(`# Left out, without an authenticated iD or a name: ${leftOut}\n`)
}

/** Lists in the block style: one after the other they are one list. */
const toYaml = (entries: object[]) => Buffer.from(stringify(entries, { lineWidth: 0, aliasDuplicateObjects: false }))

function toEntry({ orcid, authenticated, name, given_name: given, family_name: family, local_id: localId }: Row) {
  const whole = family ? [family, given].filter(Boolean).join(', ') : (name ?? given)
  if (!authenticated || !orcid || !whole) return null
  return {
    id: orcid,
    name: whole,
    ...(family && given ? { given_name: given, family_name: family } : {}),
    identifiers: [{ scheme: 'orcid', identifier: orcid }],
    // Who is not on the roster may be of another institution.
    ...(localId ? { affiliations: [ourselves()] } : {}),
  }
}

function ourselves() {
  const { ror, name } = env().institution
  return ror ? { id: ror.replace(/^https?:\/\/ror\.org\//, '') } : { name }
}
