import { useTranslations } from 'next-intl'

// Of different lengths, as names are.
const widths = Array.from({ length: 11 }, (_, row) => `${6 + ((row * 7) % 11)}rem`)

/** Stands where the rows are about to be, in their size. */
export function PeopleLoading() {
  const t = useTranslations('staff.list')
  return (
    <div role="status" aria-busy="true" className="people-loading space-y-3">
      <p className="font-medium">{t('loading')}</p>
      <div aria-hidden="true" className="divide-y divide-line border-line border-y">
        {widths.map((width) => (
          <div key={width} className="flex h-11 items-center justify-between gap-8">
            <div className="h-3.5 rounded bg-sunken" style={{ width }} />
            <div className="h-3.5 w-24 rounded bg-sunken" />
          </div>
        ))}
      </div>
    </div>
  )
}
