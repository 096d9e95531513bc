import { X } from 'lucide-react'
import { getFormatter, getTranslations } from 'next-intl/server'
import { listHref } from '@/app/staff/_components/list-href'
import { describeScopes } from '@/lib/http/asking'
import { isFiltered, type ListFilters, noFilters } from '@/lib/researchers/schema'

/** What narrows the list down now, each with a way to take it out. */
export async function ActiveFilters({ filters }: { filters: ListFilters }) {
  const t = await getTranslations('staff.list')
  if (!isFiltered(filters)) return null
  const chips = await describeFilters(filters)
  return (
    <div className="no-print flex flex-wrap items-center gap-2">
      <ul aria-label={t('active')} className="flex flex-wrap gap-2">
        {chips.map(({ words, without }) => (
          <li key={words}>
            <a
              href={listHref({ ...filters, ...without, cursor: null })}
              aria-label={t('remove', { filter: words })}
              className="flex min-h-8 items-center gap-1.5 rounded-full border border-line-strong bg-surface ps-3 pe-2 text-ink! text-sm no-underline! hover:bg-sunken"
            >
              <span className="[overflow-wrap:anywhere]">{words}</span>
              <X size={16} className="shrink-0 text-ink-soft" />
            </a>
          </li>
        ))}
      </ul>
      <a
        href={listHref({ ...noFilters, sort: filters.sort })}
        className="inline-flex min-h-8 items-center px-1 text-sm"
      >
        {t('clear')}
      </a>
    </div>
  )
}

type Chip = { words: string; without: Partial<ListFilters> }

async function describeFilters({ q, state, scopes, connectedSince, withdrawnSince }: ListFilters): Promise<Chip[]> {
  const t = await getTranslations('staff')
  const format = await getFormatter()
  const day = (text: string) => format.dateTime(new Date(`${text}T00:00:00Z`), { dateStyle: 'long', timeZone: 'UTC' })
  const chips: Chip[] = []
  if (q) chips.push({ words: t('list.chips.q', { q }), without: { q: '' } })
  if (state) chips.push({ words: t(`states.${state}`), without: { state: null } })
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
