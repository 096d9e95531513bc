import { Search } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { field } from '@/app/staff/_components/fields'

/** The field that looks through all that the rows of a list show, with the button that also applies its filters. */
export async function SearchField({ label, q }: { label: string; q: string }) {
  const t = await getTranslations('staff.list')
  return (
    <div className="flex gap-3">
      <label className="relative min-w-0 flex-1">
        <span className="sr-only">{label}</span>
        <Search size={20} className="-translate-y-1/2 absolute start-3 top-1/2 text-ink-soft" />
        <input
          type="search"
          name="q"
          defaultValue={q}
          maxLength={200}
          placeholder={label}
          aria-keyshortcuts="/"
          className={`${field} ps-10`}
        />
      </label>
      <button type="submit" className="btn btn-primary min-h-11 px-6">
        {t('apply')}
      </button>
    </div>
  )
}
