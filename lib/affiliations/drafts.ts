import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { draftMinutes } from '@/lib/affiliations/affiliation'
import {
  type EntryFault,
  keyOf,
  type ParsedEntry,
  parseEntries,
  type RawEntry,
  rawEntry,
} from '@/lib/affiliations/entry'
import { type FileFault, readFile } from '@/lib/affiliations/file'
import {
  type ExistingItem,
  listExistingItems,
  type MatchedPerson,
  type MissingPrerequisite,
} from '@/lib/affiliations/queries'
import { db, Prisma, queryRows, toSqlTime } from '@/lib/db'

const content = z.object({
  rows: z.array(rawEntry),
  faults: z.array(z.custom<FileFault>()),
  ignored: z.array(z.string()),
  wide: z.array(z.int()),
})

/** Why a valid row is left out. */
export type Obstacle = 'not_connected' | 'is_local_id' | 'put_code_not_ours' | 'deleted_by_person' | 'removed_by_person'

export type Verdict = 'new' | 'again' | 'changed' | 'unchanged'

/** A row to be saved. `waitsFor` is null if the item can be written at once. */
export type JudgedRow = {
  entry: ParsedEntry
  personId: string
  researcherId: string | null
  name: string | null
  orcid: string | null
  waitsFor: MissingPrerequisite
  existing: ExistingItem['item'] | null
  verdict: Verdict
}

/** Each row is in exactly one of `good`, `obstructed` and `faulty`. */
export type Preview = {
  id: string
  origin: 'entered' | 'imported'
  affiliationId: string | null
  appliedAt: Date | null
  faults: FileFault[]
  ignored: string[]
  given: RawEntry[]
  good: JudgedRow[]
  obstructed: { entry: ParsedEntry; obstacle: Obstacle }[]
  faulty: { line: number; faults: EntryFault[] }[]
}

/** Saves a form as a draft and returns its id. `affiliationId`: the edited item. */
export function saveEntryDraft(actor: StaffActor, fields: RawEntry['fields'], affiliationId?: string): Promise<string> {
  const rows = [{ line: 1, fields }]
  return keep(actor, 'entered', { rows, faults: [], ignored: [], wide: [] }, affiliationId)
}

/** Saves an uploaded file as a draft and returns its id. */
export async function saveFileDraft(actor: StaffActor, bytes: Uint8Array): Promise<string> {
  return keep(actor, 'imported', await readFile(bytes))
}

async function keep(
  actor: StaffActor,
  origin: Preview['origin'],
  held: z.infer<typeof content>,
  affiliationId?: string,
): Promise<string> {
  const expiresAt = new Date(Date.now() + draftMinutes * 60_000)
  // As text, because Prisma walks through thousands of rows for a fifth of a second.
  const [draft] = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`
    insert into affiliation_draft (made_by_id, origin, affiliation_id, content, expires_at)
    values (${actor.staffId}::uuid, ${origin}::affiliation_origin, ${affiliationId ?? null}::uuid,
      ${JSON.stringify(held)}::jsonb, ${toSqlTime(expiresAt)})
    returning id::text`,
  )
  if (!draft) throw new Error('A draft was not saved')
  return draft.id
}

/** The actor's own draft, judged by the current data; null if it is gone. */
export async function findPreview(actor: StaffActor, id: string): Promise<Preview | null> {
  const draft = await db().affiliationDraft.findFirst({
    where: { id, madeById: actor.staffId, expiresAt: { gt: new Date() } },
    select: { id: true, origin: true, affiliationId: true, appliedAt: true, content: true },
  })
  if (!draft) return null
  const { rows, faults, ignored, wide } = content.parse(draft.content)
  return {
    ...draft,
    faults,
    ignored,
    given: rows,
    ...(await judgeRows(actor, rows, { wide, editedId: draft.affiliationId })),
  }
}

/** How many rows the actor's own draft has; 0 if it is gone. */
export async function countDraftRows(actor: StaffActor, id: string): Promise<number> {
  const [draft] = await queryRows(
    db(),
    z.object({ rows: z.number() }),
    Prisma.sql`select jsonb_array_length(content -> 'rows') as rows from affiliation_draft
      where id = ${id}::uuid and made_by_id = ${actor.staffId}::uuid`,
  )
  return draft?.rows ?? 0
}

type Judged = Pick<Preview, 'good' | 'obstructed' | 'faulty'>

/** Says of each row what saving it would do, by the current data. `wide`: lines with more cells than columns. */
export async function judgeRows(
  actor: StaffActor,
  rows: readonly RawEntry[],
  { wide = [], editedId = null }: { wide?: readonly number[]; editedId?: string | null } = {},
): Promise<Judged> {
  const tooWide = new Set(wide)
  const { entries, faulty } = await parseEntries(rows.filter(({ line }) => !tooWide.has(line)))
  for (const line of wide) faulty.set(line, [{ field: 'title', code: 'columns' }])
  const judge = makeJudge(await listExistingItems(actor, entries), editedId)
  const judged = entries.map(judge)
  return {
    good: judged.flatMap((row) => ('verdict' in row ? [row] : [])),
    obstructed: judged.flatMap((row) => ('obstacle' in row ? [row] : [])),
    faulty: [...faulty].map(([line, found]) => ({ line, faults: found })).sort((a, b) => a.line - b.line),
  }
}

function makeJudge(known: { people: Map<string, MatchedPerson>; items: ExistingItem[] }, editedId: string | null) {
  const byKey = new Map(known.items.map((one) => [one.key, one.item]))
  const byPutCode = new Map(known.items.flatMap((one) => (one.putKey ? [[one.putKey, one.item]] : [])))
  const edited = known.items.find(({ item }) => item.id === editedId)?.item
  return (entry: ParsedEntry): JudgedRow | { entry: ParsedEntry; obstacle: Obstacle } => {
    const { who, putCode, item } = entry
    const person = known.people.get(who)
    if (!person) return { entry, obstacle: 'not_connected' }
    const numbered = putCode === null ? null : byPutCode.get(`${person.personId} ${item.kind} ${putCode}`)
    if (putCode !== null && !numbered) return { entry, obstacle: 'put_code_not_ours' }
    const existing = edited ?? numbered ?? byKey.get(keyOf(person.personId, item)) ?? null
    if (existing?.state === 'deleted_by_person') return { entry, obstacle: 'deleted_by_person' }
    if (existing?.removal === 'person') return { entry, obstacle: 'removed_by_person' }
    if (!existing && item.externalId.toLowerCase() === person.localId?.trim().toLowerCase()) {
      return { entry, obstacle: 'is_local_id' }
    }
    // ORCID identifies an existing item by its kind and external identifier, so they cannot change.
    const same = existing ? { ...item, kind: existing.kind, externalId: existing.externalId } : item
    const { localId: _number, ...whose } = person
    return { entry: { ...entry, item: same }, ...whose, existing, verdict: verdictOf(same, existing) }
  }
}

function verdictOf(item: ParsedEntry['item'], existing: ExistingItem['item'] | null): Verdict {
  if (!existing) return 'new'
  if (existing.removal !== null) return 'again'
  const parts = ['title', 'department', 'startOn', 'endOn', 'url'] as const
  return parts.every((part) => item[part] === existing[part]) ? 'unchanged' : 'changed'
}
