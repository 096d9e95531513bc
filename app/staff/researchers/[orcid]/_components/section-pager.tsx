import { ChevronLeft, ChevronRight } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { cursorHref, type ListName } from '@/app/staff/researchers/[orcid]/_components/cursors'
import type { IdCursor, TimeCursor } from '@/lib/list/pagination'

type Props = {
  orcid: string
  list: ListName
  /** Where this page of the list began; null at its newest. */
  from: TimeCursor | IdCursor | null
  older: TimeCursor | IdCursor | null
}

/** The ways on through one list: to what is older, and back to the newest. */
export async function SectionPager({ orcid, list, from, older }: Props) {
  if (from === null && older === null) return null
  const t = await getTranslations('staff.person.pages')
  return (
    <nav aria-label={t(`labels.${list}`)} className="no-print flex flex-wrap gap-x-6 gap-y-1 text-sm">
      {from === null ? null : (
        <a href={cursorHref(orcid, list, null)} className="inline-flex min-h-8 items-center gap-1">
          <ChevronLeft size={16} className="rtl:rotate-180" />
          {t('newest')}
        </a>
      )}
      {older === null ? null : (
        <a href={cursorHref(orcid, list, older)} rel="next" className="inline-flex min-h-8 items-center gap-1">
          {t('older')}
          <ChevronRight size={16} className="rtl:rotate-180" />
        </a>
      )}
    </nav>
  )
}
