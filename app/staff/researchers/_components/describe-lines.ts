import { getFormatter, getTranslations } from 'next-intl/server'
import type { Mark } from '@/app/staff/researchers/_components/permission-marks'
import type { Line, Moment, RowWords } from '@/app/staff/researchers/_components/researcher-rows'
import { scopeClosure } from '@/lib/orcid/scopes'
import { toProof, toShownState } from '@/lib/researchers/researcher'
import type { ShownResearcher } from '@/lib/researchers/rows'

export type Lines = { lines: Line[]; words: RowWords }

/** The rows of a page in words. */
export async function describeLines(rows: readonly ShownResearcher[], marks: readonly Mark[]): Promise<Lines> {
  const t = await getTranslations('staff')
  const pieces = await getTranslations('pieces')
  const toMoment = await getMoments()
  const now = new Date()
  const lines = rows.map((row): Line => {
    const { orcid, registry, name, conflict, localId, department } = row
    const { authenticated, beingChecked } = toProof(row)
    const permitted = scopeClosure(row.liveScopes)
    const hasWithdrawn = row.state === 'withdrawn'
    const label = t(`list.columns.${hasWithdrawn ? 'withdrew' : 'connected'}`)
    const connected = toMoment(hasWithdrawn ? row.withdrewAt : row.firstConnectedAt, label)
    return {
      orcid,
      registry,
      name,
      known: [conflict ? t('states.conflict') : null, localId, department].filter(Boolean).join(' · '),
      proof: authenticated ? (beingChecked ? 'asking' : 'authenticated') : 'unauthenticated',
      state: toShownState(row, now),
      permits: marks.map(({ scope }) => permitted.has(scope)),
      // Beside others the head of the column says that they have connected.
      connected: connected && hasWithdrawn ? { ...connected, short: `${label} ${connected.short}` } : connected,
      expires: toMoment(row.expiresAt),
      checked: toMoment(row.lastCheckedAt),
    }
  })
  const states = [...new Set(lines.map(({ state }) => state))]
  const words = {
    nameless: t('nameNotPublic'),
    view: pieces.raw('orcidId.view'),
    icon: pieces('orcidId.icon'),
    unauthenticated: pieces('orcidId.unauthenticated'),
    none: t('list.none'),
    never: t('list.never'),
    states: Object.fromEntries(states.map((state) => [state, pieces(`state.${state}`)])),
  }
  return { lines, words }
}

/** Times as `When` has them. Where the row has folded, no head of a column says which one this is: its title does. */
async function getMoments() {
  const format = await getFormatter()
  return (at: Date | null, label?: string): Moment | null => {
    if (!at) return null
    const exact = format.dateTime(at, { dateStyle: 'medium', timeStyle: 'long' })
    return {
      at: at.toISOString().replace(/:\d\d\.\d+/, ''),
      short: format.relativeTime(at),
      exact: label ? `${label}: ${exact}` : exact,
    }
  }
}
