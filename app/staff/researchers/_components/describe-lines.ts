import { getFormatter, getTranslations } from 'next-intl/server'
import type { Mark } from '@/app/staff/researchers/_components/permission-marks'
import type { Cell, Line, RowWords } from '@/app/staff/researchers/_components/researcher-rows'
import { env } from '@/lib/config/env'
import { orcidUri } from '@/lib/orcid/id'
import { scopeClosure } from '@/lib/orcid/scopes'
import { toProof, toShownState } from '@/lib/researchers/researcher'
import type { ShownResearcher } from '@/lib/researchers/rows'
import type { ListColumn } from '@/lib/researchers/schema'
import { visibleName } from '@/lib/researchers/visible-name'

export type Lines = { lines: Line[]; words: RowWords }

const times = {
  connected: 'firstConnectedAt',
  confirmed: 'lastConfirmedAt',
  withdrew: 'withdrewAt',
  expires: 'expiresAt',
  checked: 'lastCheckedAt',
} as const satisfies Partial<Record<ListColumn, keyof ShownResearcher>>

/** The rows of a page in words. `namedColumns`: those whose cells say what they are, for where there is no table. */
export async function describeLines(
  rows: readonly ShownResearcher[],
  columns: readonly ListColumn[],
  marks: readonly Mark[],
  namedColumns: readonly ListColumn[],
): Promise<Lines> {
  const t = await getTranslations('staff')
  const pieces = await getTranslations('pieces')
  const format = await getFormatter()
  const now = new Date()
  const toCell = (row: ShownResearcher, column: ListColumn): Cell | null => {
    if (column === 'department') return row.department ? { text: row.department } : null
    if (column === 'local-id') return row.localId ? { text: row.localId } : null
    const at = column in times ? row[times[column as keyof typeof times]] : null
    if (!at) return null
    return {
      text: format.dateTime(at, { dateStyle: 'medium' }),
      full: format.dateTime(at, { dateStyle: 'medium', timeStyle: 'short' }),
    }
  }
  const lines = rows.map((row): Line => {
    const { orcid, name, conflict, localId, department } = row
    const { authenticated, beingChecked } = toProof(row)
    const permitted = scopeClosure(row.liveScopes)
    const known = [
      conflict ? t('states.conflict') : null,
      columns.includes('local-id') ? null : localId,
      columns.includes('department') ? null : department,
    ]
    return {
      orcid,
      name: visibleName(name),
      known: known.filter(Boolean).join(' · '),
      ...(authenticated && !beingChecked ? {} : { doubt: authenticated ? 'asking' : 'unauthenticated' }),
      state: toShownState(row, now),
      permits: marks.flatMap(({ scope }, place) => (permitted.has(scope) ? [place] : [])),
      cells: Object.fromEntries(
        columns.flatMap((column) => [[column, toCell(row, column)]]).filter(([, cell]) => cell),
      ),
    }
  })
  const states = [...new Set(lines.map(({ state }) => state))]
  const words = {
    nameless: t('nameNotPublic'),
    host: orcidUri('', env().orcid.registry),
    view: pieces.raw('orcidId.view'),
    unauthenticated: pieces('orcidId.unauthenticated'),
    heads: Object.fromEntries(namedColumns.map((column) => [column, t(`list.columns.${column}`)])),
    states: Object.fromEntries(states.map((state) => [state, pieces(`state.${state}`)])),
  }
  return { lines, words }
}
