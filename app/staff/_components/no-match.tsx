import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { EmptyState } from '@/app/_components/empty-state'
import type { FilteredList } from '@/app/staff/_components/filter-chips'
import { Looser } from '@/app/staff/_components/looser'

type Props<Filters> = FilteredList<Filters> & {
  /** How many rows match these filters in words; null for none. */
  count: (filters: Filters) => Promise<string | null>
  children: ReactNode
}

/** Stands in place of a list where the filters leave nothing: which of them to loosen. */
export async function NoMatch<Filters>({ filters, none, chips, href, count, children }: Props<Filters>) {
  const t = await getTranslations('staff.list')
  const active = chips.flatMap(({ words, without }) => (words ? [{ words, without }] : []))
  const ways = await Promise.all(
    (active.length > 1 ? active : []).map(async ({ words, without }) => {
      const looser = { ...filters, ...without, cursor: null }
      return { href: href(looser), words, found: await count(looser) }
    }),
  )
  return (
    <EmptyState action={active.length > 0 ? { href: href(none), label: t('clear') } : null}>
      {children}
      <Looser ways={ways} />
    </EmptyState>
  )
}
