import { getFormatter, getTranslations } from 'next-intl/server'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { listHref } from '@/app/staff/_components/list-href'
import { describeScopes } from '@/lib/http/asking'
import { isFiltered, type ListFilters, noFilters } from '@/lib/researchers/schema'

/** What narrows the list down now, each with a way to take it out. */
export async function ActiveFilters({ filters }: { filters: ListFilters }) {
  if (!isFiltered(filters)) return null
  const chips = (await describeFilters(filters)).map(({ words, without }) => ({
    words,
    without: listHref({ ...filters, ...without, cursor: null }),
  }))
  return <FilterChips chips={chips} clear={listHref({ ...noFilters, sort: filters.sort })} />
}

type Chip = { words: string; without: Partial<ListFilters> }

async function describeFilters({
  q,
  state,
  finding,
  scopes,
  lacks,
  connectedSince,
  withdrawnSince,
}: ListFilters): Promise<Chip[]> {
  const t = await getTranslations('staff')
  const format = await getFormatter()
  const day = (text: string) => format.dateTime(new Date(`${text}T00:00:00Z`), { dateStyle: 'long', timeZone: 'UTC' })
  const chips: Chip[] = []
  if (q) chips.push({ words: t('list.chips.q', { q }), without: { q: '' } })
  if (state) chips.push({ words: t(`states.${state}`), without: { state: null } })
  if (finding) chips.push({ words: t(`findings.${finding}`), without: { finding: null } })
  if (lacks.length > 0) chips.push({ words: t('list.lacks'), without: { lacks: [] } })
  for (const { scope, title } of await describeScopes(scopes)) {
    const others = scopes.filter((other) => other !== scope)
    chips.push({ words: t('list.chips.scope', { permission: title }), without: { scopes: others } })
  }
  if (connectedSince) {
    chips.push({
      words: t('list.chips.connectedSince', { day: day(connectedSince) }),
      without: { connectedSince: null },
    })
  }
  if (withdrawnSince) {
    chips.push({
      words: t('list.chips.withdrawnSince', { day: day(withdrawnSince) }),
      without: { withdrawnSince: null },
    })
  }
  return chips
}
